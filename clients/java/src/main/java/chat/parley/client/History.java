package chat.parley.client;

import java.util.List;

/**
 * A page of what the server keeps of a conversation.
 *
 * @param conversation which one
 * @param messages newest first when read backwards, oldest first when read forwards
 * @param hasMore whether another page follows in the same direction
 */
public record History(String conversation, List<Message> messages, boolean hasMore) {}
