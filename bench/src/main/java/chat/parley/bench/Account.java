package chat.parley.bench;

/**
 * A user that the bench is logged in as.
 *
 * @param userId 0 when the wire does not need it
 * @param deviceId 0 on v1
 */
record Account(String name, String token, long userId, long deviceId) {}
