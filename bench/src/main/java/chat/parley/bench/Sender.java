package chat.parley.bench;

/** One who sends. Called on the loop of the sockets. */
interface Sender {
  /**
   * Sends as soon as the wire allows; what becomes of it is told to the round's {@link Outcomes}.
   */
  void send(Post post);
}
