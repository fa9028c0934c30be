package chat.parley.bus;

/**
 * Every event-bus address, versioned. An address stands here and nowhere else.
 *
 * <p>There is one address per service, per node and per partition, never one per user, room or
 * conversation: every registration costs every sender memory.
 */
public final class Addresses {
  public static final String REGISTER = "parley.v1.logic.register";
  public static final String LOGIN = "parley.v1.logic.login";
  public static final String LOGOUT = "parley.v1.logic.logout";
  public static final String CHECK_AUTH = "parley.v1.logic.check-auth";
  public static final String JOIN_ROOM = "parley.v1.logic.join-room";
  public static final String SEND = "parley.v1.logic.send";
  public static final String HISTORY = "parley.v1.logic.history";
  public static final String FETCH = "parley.v1.logic.fetch";
  public static final String HEADS = "parley.v1.logic.heads";
  public static final String ASK_ROOM = "parley.v1.logic.ask-room";
  public static final String LEAVE_ROOM = "parley.v1.logic.leave-room";
  public static final String SEND_MANY = "parley.v1.logic.send-many";
  public static final String MEMBERS = "parley.v1.logic.members";
  public static final String FIND_USER = "parley.v1.logic.find-user";
  public static final String OPEN_CONNECTION = "parley.v1.logic.open-connection";
  public static final String CHECK_CONNECTIONS = "parley.v1.logic.check-connections";
  public static final String SAVE_CURSORS = "parley.v1.logic.save-cursors";
  public static final String USER_HEADS = "parley.v1.logic.user-heads";
  public static final String CONVERSATIONS = "parley.v1.logic.conversations";
  public static final String LIST_DEVICES = "parley.v1.logic.list-devices";
  public static final String RENAME_DEVICE = "parley.v1.logic.rename-device";
  public static final String REVOKE_DEVICE = "parley.v1.logic.revoke-device";

  /** Published to (a Wake) when task workers come, leave or give partitions back; not answered. */
  public static final String WORKERS_CHANGED = "parley.v1.task.workers-changed";

  private Addresses() {}

  /** Where a connect node takes {@code Deliver}; answered with {@code Delivered} on receipt. */
  public static String deliveriesOf(String nodeId) {
    return "parley.v1.connect." + nodeId + ".deliver";
  }

  /**
   * Where a connect node takes RoomFigure, RoomChanged, SessionEnded and ConnectionOpened; not
   * answered.
   */
  public static String eventsOf(String nodeId) {
    return "parley.v1.connect." + nodeId + ".events";
  }

  /** Where the owner of a partition is woken. */
  public static String wakeOf(int partition) {
    return "parley.v1.task.partition." + partition + ".wake";
  }

  /** Where a process answers what it runs and is told to change it; by cluster node id. */
  public static String controlOf(String clusterNodeId) {
    return "parley.v1.node." + clusterNodeId + ".control";
  }
}
