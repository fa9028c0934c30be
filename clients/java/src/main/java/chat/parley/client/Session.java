package chat.parley.client;

import java.net.URI;
import java.util.List;

/**
 * A connection that the server has welcomed.
 *
 * @param name the server's name for it, for logs and support
 * @param userId who is connected
 * @param userName that user's name
 * @param deviceId with which device
 * @param roomIds rooms that the device is in
 * @param address where it is connected to
 */
public record Session(
    String name, long userId, String userName, long deviceId, List<Long> roomIds, URI address) {}
