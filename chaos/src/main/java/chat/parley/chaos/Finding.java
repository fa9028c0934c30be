package chat.parley.chaos;

/**
 * Something that must not be.
 *
 * @param verdict which promise it breaks
 * @param what where and how, for a person
 */
public record Finding(Verdict verdict, String what) {
  /** The promises, by how they are broken. */
  public enum Verdict {
    /** Acknowledged and not kept, or kept and not heard by who should have. */
    LOST("lost"),
    /** Kept twice, or heard twice by a client that drops by seq. */
    TWICE("twice"),
    /** Heard or kept in another order than the one there is. */
    OUT_OF_ORDER("out of order"),
    /** One seq with two contents. */
    CHANGED("changed"),
    /** A resend with the same id that became a second message. */
    RESENT_TWICE("resends that became a second message"),
    /** Seqs that do not count 1, 2, 3, … */
    GAP("gaps in a history"),
    /** Nobody has sent it. */
    STRAY("that nobody sent"),
    /** Not served again, or a wrong list of who is in a room, after its deadline. */
    NOT_BACK("not back in time"),
    /** A client was told what it must not be told. */
    REFUSED("refused for good");

    private final String people;

    Verdict(String people) {
      this.people = people;
    }

    /** In a report, after a number. */
    String forPeople() {
      return people;
    }
  }

  @Override
  public String toString() {
    return verdict + ": " + what;
  }
}
