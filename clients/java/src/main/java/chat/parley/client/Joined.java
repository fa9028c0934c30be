package chat.parley.client;

/**
 * The device is in a room.
 *
 * @param roomId the room
 * @param conversation the room's conversation
 * @param head newest seq when the device was let in
 * @param after what follows this seq comes
 */
public record Joined(long roomId, String conversation, long head, long after) {}
