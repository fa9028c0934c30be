package chat.parley.e2e.security;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.Json;
import chat.parley.e2e.support.V1Http;
import chat.parley.e2e.support.V2Http;
import chat.parley.e2e.support.V2Http.Login;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A room and a direct conversation with a message in each, somebody who is in both, somebody who is
 * in neither, and tokens that were good once.
 */
final class Scene {
  static final String NO_TOKEN = "no token";
  static final String DEAD_TOKEN = "dead token";

  /**
   * Somebody with a device and a session of v1.
   *
   * @param device first session of a device
   * @param v1 token of a v1 session
   */
  record Person(Login device, String v1) {
    long id() {
      return device.userId();
    }
  }

  final Clients clients;
  final long room = Clients.newRoom();
  final Person inside;
  final Person outside;
  final Person peer;
  final String direct;
  private final Map<String, String> dead = new LinkedHashMap<>();

  Scene(Clients clients) {
    this.clients = clients;
    this.inside = person();
    this.outside = person();
    this.peer = person();
    this.direct = "direct:" + inside.id() + ":" + peer.id();
    V1Http.User member = new V1Http.User(inside.id(), inside.device().userName(), "", inside.v1());
    clients.join(member, room);
    clients.v2().join(inside.device().token(), room);
    post("room:" + room);
    post(direct);
    bury();
  }

  private Person person() {
    Login device = clients.v2().newUser();
    return new Person(device, v1SessionOf(device));
  }

  private String v1SessionOf(Login user) {
    String password = V2Http.passwordOf(user.userName());
    return clients.http().loggedIn(user.userName(), password).token();
  }

  private void post(String conversation) {
    clients
        .v2()
        .post(
            inside.device().token(),
            "seed-" + conversation,
            Json.of("conversation", conversation, "text", "only for those inside"));
  }

  /**
   * Every way in which a token ends, but for time: an expired one is one that Redis has dropped.
   */
  private void bury() {
    dead.put("made up", "A".repeat(43) + "=");
    Person first = person();
    dead.put("replaced by a v1 login", first.v1());
    String second = v1SessionOf(first.device());
    clients.http().logout(second);
    dead.put("logged out of v1", second);
    Login revoked = clients.v2().anotherDevice(first.device(), "revoked");
    clients.v2().revoke(first.device().token(), revoked.deviceId());
    dead.put("of a revoked device", revoked.token());
    clients.v2().again(first.device());
    dead.put("replaced by a device's login", first.device().token());
    Person last = person();
    clients.v2().logout(last.device().token());
    dead.put("of a device that logged out", last.device().token());
  }

  /** Tokens that were good once, or never. */
  List<String> deadTokens() {
    return new ArrayList<>(dead.values());
  }

  /** A session that nothing else uses. */
  String spare(boolean ofDevice) {
    Person fresh = person();
    return ofDevice ? fresh.device().token() : fresh.v1();
  }
}
