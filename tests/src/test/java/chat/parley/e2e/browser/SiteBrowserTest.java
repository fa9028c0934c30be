package chat.parley.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Browser;
import chat.parley.e2e.support.ChatPage;
import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.DataFolder;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.ParleyProcess;
import chat.parley.e2e.support.RunningParley;
import chat.parley.e2e.support.V1Http;
import chat.parley.e2e.support.V1Http.User;
import chat.parley.e2e.support.V1Tcp;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@RunningParley
class SiteBrowserTest {
  private static final int PHONE_WIDTH = 360;
  private static Browser browser;

  @BeforeAll
  static void startBrowser() {
    browser = new Browser();
  }

  @AfterAll
  static void stopBrowser() {
    browser.close();
  }

  @AfterEach
  void everybodyLeaves() {
    browser.closeAll();
  }

  private static ChatPage desktop(Clients clients) {
    return browser.open(clients.endpoints().siteAddress(), 1280, 800);
  }

  @Test
  void demoAndTestTalk(Clients clients) {
    long room = Clients.newRoom();
    ChatPage demo = desktop(clients);
    demo.logIn("demo", "111111");
    demo.enterRoom(room);
    ChatPage test = desktop(clients);
    test.logIn("test", "111111");
    test.enterRoom(room);
    demo.awaitMember("test");
    test.awaitMember("demo");

    demo.say("hello test, this is demo");
    test.awaitMessage("hello test, this is demo");
    test.say("hello demo, this is test");
    demo.awaitMessage("hello demo, this is test");
    for (ChatPage page : new ChatPage[] {demo, test}) {
      Eventually.eventually("two messages", () -> page.part("message").count() == 2);
      assertThat(page.faults()).isEmpty();
    }
  }

  @Test
  void browserAndTcpClientHearEachOther(Clients clients) {
    long room = Clients.newRoom();
    User terminal = clients.newUser();
    ChatPage page = desktop(clients);
    page.register(V1Http.newName(), "a password for once");
    page.enterRoom(room);
    V1Tcp tcp = clients.joinTcp(terminal, room);
    page.awaitMember(terminal.name());
    tcp.say(terminal.token(), room, "from the terminal");
    page.awaitMessage("from the terminal");
    page.say("from the browser");
    tcp.awaitText("from the browser");
  }

  @Test
  void historyIsThereAfterAReloadAndOlderPagesCanBeLoaded(Clients clients) {
    long room = Clients.newRoom();
    User speaker = clients.newUser();
    clients.join(speaker, room);
    for (int n = 1; n <= 120; n++) {
      assertThat(clients.http().pushRoom(speaker, room, "line %03d".formatted(n)).ok()).isTrue();
    }
    ChatPage page = desktop(clients);
    page.register(V1Http.newName(), "a password for once");
    page.enterRoom(room);
    page.awaitMessage("line 120");
    page.page().reload();
    if (page.part("room-input").isVisible() && !page.part("composer").isVisible()) {
      page.enterRoom(room);
    }
    page.awaitMessage("line 120");
    assertThat(page.part("message").count()).isLessThan(120);
    Eventually.eventually(
        "the first message, page by page",
        () -> {
          page.loadOlderIfThereIsMore();
          return page.part("message").first().textContent().contains("line 001");
        });
    assertThat(page.part("message").count()).isEqualTo(120);
  }

  @Test
  void hostileTextsAreShownAsText(Clients clients) {
    long room = Clients.newRoom();
    String hostile = "<img src=x onerror=\"window.broken=1\"><script>window.broken=1</script>";
    String name = "<b onclick=\"window.broken=1\">" + V1Http.newName();
    User attacker = clients.http().registered(name, "a password for once");
    ChatPage page = desktop(clients);
    page.register(V1Http.newName(), "a password for once");
    page.enterRoom(room);
    clients.join(attacker, room);
    clients.http().pushRoom(attacker, room, hostile);
    assertThat(page.awaitMessage(hostile).locator("img, script").count()).isZero();
    page.awaitMember(name);
    assertThat(page.part("member").locator("b[onclick]").count()).isZero();
    assertThat(page.page().evaluate("() => window.broken")).isNull();
  }

  @Test
  void wrongPasswordIsSaidAndNothingElseHappens(Clients clients) {
    ChatPage page = desktop(clients);
    page.logIn("demo", "not the password");
    page.part("error").waitFor();
    Eventually.eventually("an error text", () -> !page.part("error").textContent().isBlank());
    assertThat(page.part("login-submit").isVisible()).isTrue();
  }

  @Test
  void phoneWidthNeedsNoHorizontalScrolling(Clients clients) {
    ChatPage page = browser.open(clients.endpoints().siteAddress(), PHONE_WIDTH, 640);
    page.part("login-name").waitFor();
    assertThat(page.horizontalOverflow()).isZero();
    page.register(V1Http.newName(), "a password for once");
    long room = Clients.newRoom();
    page.enterRoom(room);
    page.say("w".repeat(200));
    page.awaitMessage("wwwww");
    assertThat(page.horizontalOverflow()).isZero();
  }

  @Test
  void logoutEndsTheSessionAndShowsTheLogin(Clients clients) {
    ChatPage page = desktop(clients);
    String name = V1Http.newName();
    page.register(name, "a password for once");
    page.enterRoom(Clients.newRoom());
    page.part("logout").click();
    page.part("login-name").waitFor();
    page.page().reload();
    page.part("login-name").waitFor();
    assertThat(page.part("composer").isVisible()).isFalse();
  }

  @Test
  void pageReconnectsByItselfWhenTheServerIsBack() {
    Path data = DataFolder.create();
    long room = Clients.newRoom();
    try (ParleyProcess first = ParleyProcess.up(data).shortLived().start()) {
      ChatPage page = browser.open(first.endpoints().siteAddress(), 1280, 800);
      page.logIn("demo", "111111");
      page.enterRoom(room);
      page.say("before the restart");
      page.awaitMessage("before the restart");
      assertThat(page.state()).isEqualTo("online");
      first.kill9();
      Eventually.eventually("another state", () -> !page.state().equals("online"));
      try (ParleyProcess second =
              ParleyProcess.up(data).shortLived().at(first.endpoints()).start();
          Clients clients = new Clients(second.endpoints())) {
        User other = clients.newUser();
        clients.join(other, room);
        clients.http().pushRoom(other, room, "after the restart");
        page.awaitMessage("after the restart");
        Eventually.eventually("the state from before", () -> page.state().equals("online"));
        Eventually.eventually("two messages", () -> page.part("message").count() == 2);
      }
    }
  }
}
