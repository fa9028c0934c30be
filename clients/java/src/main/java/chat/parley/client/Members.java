package chat.parley.client;

import java.util.List;

/**
 * Who is in a room.
 *
 * @param roomId the room
 * @param count how many there are
 * @param members may be fewer than {@code count} when there are very many
 */
public record Members(long roomId, int count, List<Member> members) {}
