package chat.parley.connect;

/** A session that gets what it missed from the store, as fast as its socket drains. */
interface Pull {
  Session session();

  /** For how long the socket has taken nothing at all. */
  long stalledFor(long now);
}
