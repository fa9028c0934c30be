package chat.parley.stores;

/**
 * A user's account.
 *
 * @param userId ascending from 1
 * @param passwordHash in the PHC string format; never leaves logic
 */
public record Account(long userId, String userName, String passwordHash) {
  /** Without the hash: a record in a log gives nothing away. */
  @Override
  public String toString() {
    return "Account[" + userId + " " + userName + "]";
  }
}
