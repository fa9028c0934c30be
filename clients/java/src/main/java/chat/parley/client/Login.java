package chat.parley.client;

/**
 * Who a device is.
 *
 * @param token opens its sessions; a secret
 * @param userId whose device it is
 * @param userName that user's name
 * @param deviceId the device
 */
public record Login(String token, long userId, String userName, long deviceId) {
  /** Without the token, so that no log gets it. */
  @Override
  public String toString() {
    return "Login[userId=%d, userName=%s, deviceId=%d]".formatted(userId, userName, deviceId);
  }
}
