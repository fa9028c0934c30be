package chat.parley.e2e.browser;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Browser;
import chat.parley.e2e.support.ChatPage;
import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.DataFolder;
import chat.parley.e2e.support.Eventually;
import chat.parley.e2e.support.HostileTexts;
import chat.parley.e2e.support.ParleyProcess;
import chat.parley.e2e.support.RunningParley;
import chat.parley.e2e.support.V1Http;
import chat.parley.e2e.support.V1Http.User;
import chat.parley.e2e.support.V1Tcp;
import com.microsoft.playwright.Locator;
import java.nio.file.Path;
import java.util.List;
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

  /** As messages to the room and to the reader alone; {@link HostileTexts} names the kinds. */
  @Test
  void hostileTextsAreShownAsText(Clients clients) {
    long room = Clients.newRoom();
    User attacker = clients.newUser();
    User reader = clients.newUser();
    ChatPage page = watched(desktop(clients));
    page.logIn(reader.name(), reader.password());
    page.enterRoom(room);
    clients.join(attacker, room);
    page.awaitMember(attacker.name());
    List<String> texts = HostileTexts.all();
    assertThat(texts).hasSizeGreaterThan(30).doesNotHaveDuplicates();
    for (String text : texts) {
      assertThat(clients.http().pushRoom(attacker, room, text).ok()).as(text).isTrue();
    }
    clients.http().push(attacker, reader.id(), room, texts.get(0));
    clients.http().pushRoom(attacker, room, "the last one");
    page.awaitMessage("the last one");
    assertThat(page.part("message-text").allTextContents()).containsAll(texts);
    requireHarmless(page);
  }

  /** Where names stand: members, authors, who a message is to, titles and attributes. */
  @Test
  void hostileNamesAreShownAsText(Clients clients) {
    long room = Clients.newRoom();
    ChatPage page = watched(desktop(clients));
    page.register("<img src=x onerror=window.broken=1>" + V1Http.newName(), "a password for once");
    page.enterRoom(room);
    for (String kind :
        List.of(
            "<script>window.broken=1</script>",
            "\" onmouseover=\"window.broken=1\" x=\"",
            "'><svg onload=window.broken=1>",
            "<b onclick=\"window.broken=1\">",
            "javascript:window.broken=1//")) {
      String name = kind + V1Http.newName();
      User attacker = clients.http().registered(name, "a password for once");
      clients.join(attacker, room);
      clients.http().pushRoom(attacker, room, "said by " + kind);
      page.awaitMessage("said by " + kind);
      page.awaitMember(name);
      page.part("member").filter(new Locator.FilterOptions().setHasText(name)).hover();
    }
    page.part("member").last().click();
    requireHarmless(page);
  }

  /** The address is the one thing that somebody else can hand to a reader. */
  @Test
  void hostileLinksToThePageDoNothing(Clients clients) {
    ChatPage page = watched(desktop(clients));
    page.register(V1Http.newName(), "a password for once");
    page.enterRoom(Clients.newRoom());
    for (String text : HostileTexts.all()) {
      page.page().evaluate("text => { location.hash = '#/room/' + text; }", text);
    }
    page.say("still here");
    page.awaitMessage("still here");
    requireHarmless(page);
  }

  /** From here on the page counts what its policy had to stop. */
  private static ChatPage watched(ChatPage page) {
    page.page()
        .evaluate(
            "() => document.addEventListener('securitypolicyviolation',"
                + " e => (window.stopped ??= []).push(e.effectiveDirective + ' ' + e.sourceFile))");
    return page;
  }

  /** Nothing ran, nothing had to be stopped from running, and no element came of a text. */
  private static void requireHarmless(ChatPage page) {
    assertThat(page.page().evaluate("() => window.broken")).isNull();
    assertThat(page.page().evaluate("() => window.stopped")).isNull();
    assertThat(page.faults()).isEmpty();
    assertThat(
            page.page()
                .evaluate(
                    "() => [...document.querySelectorAll('#app *')].flatMap(e => ["
                        + "...(/^(script|img|iframe|object|embed|link|style|meta|base|math|video"
                        + "|audio|marquee|details|template|animate|x)$/i.test(e.localName)"
                        + " ? [e.localName] : []),"
                        + "...[...e.attributes].filter(a => (/^on|^style$/.test(a.name) && e.localName !== 'textarea')"
                        + " || (a.name === 'href' && !/^https?:/.test(a.value)))"
                        + ".map(a => a.name + '=' + a.value)])"))
        .isEqualTo(List.of());
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
    try (ParleyProcess first = ParleyProcess.up(data).start()) {
      ChatPage page = browser.open(first.endpoints().siteAddress(), 1280, 800);
      page.logIn("demo", "111111");
      page.enterRoom(room);
      page.say("before the restart");
      page.awaitMessage("before the restart");
      assertThat(page.state()).isEqualTo("online");
      first.kill9();
      Eventually.eventually("another state", () -> !page.state().equals("online"));
      try (ParleyProcess second = ParleyProcess.up(data).at(first.endpoints()).start();
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
