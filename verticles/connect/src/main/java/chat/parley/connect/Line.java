package chat.parley.connect;

import io.netty.buffer.ByteBuf;

/**
 * One conversation at one v2 session: what was sent of it, and what the device has acknowledged.
 * Level when everything that is known to exist has been sent; then what comes next is pushed. Else
 * the session pulls.
 *
 * <p>Belongs to one event loop.
 */
final class Line implements Seat {
  private final V2Session session;
  private final SocketQueue out;
  private final WireFormat format;
  private final String conversation;
  private RoomTopic room;
  private int index;
  private long sent;
  private long acknowledged;
  private long head;
  private long sentAtLook;
  private long acknowledgedAtLook;
  private int resends;
  private boolean unsaved;
  private boolean waiting;
  private boolean muted;
  private boolean open;
  private long expectedSince;
  private long expected;

  /**
   * @param after the device has everything up to this seq
   * @param head newest seq known
   */
  Line(V2Session session, String conversation, long after, long head) {
    this.session = session;
    this.out = session.out();
    this.format = session.format();
    this.open = session.open();
    this.conversation = conversation;
    this.head = head;
    from(after);
  }

  @Override
  public V2Session session() {
    return session;
  }

  @Override
  public WireFormat format() {
    return format;
  }

  String conversation() {
    return conversation;
  }

  /** Newest seq sent. */
  long sent() {
    return sent;
  }

  long acknowledged() {
    return acknowledged;
  }

  /** Newest seq that is known to exist. */
  long head() {
    return head;
  }

  /** Whether there is nothing to send now. */
  boolean level() {
    return sent >= head || muted;
  }

  /** Nothing is sent for as long as the client has not been told that it is in the room. */
  void muted(boolean isMuted) {
    muted = isMuted;
  }

  /** The session has said Welcome: from now on the device is given what comes. */
  void open() {
    open = true;
  }

  void room(RoomTopic entered) {
    room = entered;
  }

  /** The room that this is a seat in; null for a direct conversation. */
  RoomTopic room() {
    return room;
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public void index(int newIndex) {
    index = newIndex;
  }

  /** What follows this seq is to be sent, whatever was before. */
  void from(long after) {
    sent = after;
    acknowledged = after;
    sentAtLook = after;
    acknowledgedAtLook = after;
    resends = 0;
  }

  /** What follows this seq is to be sent again; what is acknowledged stays so. */
  void again(long after) {
    sent = Math.max(0, Math.min(after, sent));
    sentAtLook = sent;
  }

  /** Messages up to this one exist. */
  void reach(long seq) {
    head = Math.max(head, seq);
  }

  /** Everything up to this seq was sent, or cannot be had. */
  void sent(long seq) {
    sent = Math.max(sent, seq);
    reach(seq);
  }

  /** Looks at nothing but this object and the queue: see {@link SocketQueue}. */
  @Override
  public void push(ByteBuf frames, long before, long last) {
    reach(last);
    boolean level = sent == before && open && !muted;
    if (level && out.offer(frames)) {
      sent = last;
    } else if (sent < last) {
      if (level) {
        session.full();
      }
      session.behind(this);
    }
  }

  /** v2 clients ask who is in a room. */
  @Override
  public void tell(StateFrame frame) {}

  /**
   * The device has everything up to this seq.
   *
   * @return whether that is news
   */
  boolean acknowledge(long seq) {
    long known = Math.min(seq, head);
    if (known <= acknowledged) {
      return false;
    }
    acknowledged = known;
    sent = Math.max(sent, known);
    resends = 0;
    return true;
  }

  /**
   * Looks whether anything was acknowledged of what had been sent at the last look. If not, it is
   * to be sent again.
   *
   * @return how many times in a row that was so
   */
  int look() {
    boolean late = acknowledgedAtLook == acknowledged && acknowledged < sentAtLook;
    if (late) {
      resends++;
      sent = acknowledged;
    }
    acknowledgedAtLook = acknowledged;
    sentAtLook = sent;
    return late ? resends : 0;
  }

  /**
   * Marks that the acknowledged seq is to be saved.
   *
   * @return false when it was marked already
   */
  boolean markUnsaved() {
    boolean marked = !unsaved;
    unsaved = true;
    return marked;
  }

  void saving() {
    unsaved = false;
  }

  /**
   * When the store was first asked for more than it had, milliseconds since the epoch; 0 while it
   * has what is expected.
   */
  long expectedSince() {
    return expectedSince;
  }

  /** The store does not have what is known to exist at this moment. */
  void expectedSince(long time) {
    expectedSince = time;
    expected = head;
  }

  /**
   * Newest seq that was expected when {@link #expectedSince()} was set: what is gone ends there.
   */
  long expected() {
    return expected;
  }

  /** Whether the line waits for its turn to be pulled; the puller's own. */
  boolean waiting() {
    return waiting;
  }

  void waiting(boolean isWaiting) {
    waiting = isWaiting;
  }
}
