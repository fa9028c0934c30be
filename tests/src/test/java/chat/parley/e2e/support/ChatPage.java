package chat.parley.e2e.support;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;

/** The site as a person uses it, by its {@code data-testid} names. */
public final class ChatPage {
  private static final double QUICK_MS = 1_000;

  private final Page page;
  private final List<String> faults = new ArrayList<>();

  ChatPage(Page page) {
    this.page = page;
    page.onPageError(faults::add);
  }

  /** Exceptions of the page's script that nothing caught. */
  public List<String> faults() {
    return List.copyOf(faults);
  }

  public Page page() {
    return page;
  }

  public Locator part(String testId) {
    return page.getByTestId(testId);
  }

  public void logIn(String name, String password) {
    enter(name, password, "login-submit");
  }

  public void register(String name, String password) {
    enter(name, Secrets.remember(password), "register-submit");
  }

  private void enter(String name, String password, String submit) {
    part("login-name").fill(name);
    part("login-password").fill(password);
    part(submit).click();
  }

  public void enterRoom(long room) {
    part("room-input").fill("" + room);
    part("room-enter").click();
    part("composer").waitFor();
  }

  public void say(String text) {
    part("composer").fill(Secrets.remember(text));
    part("send").click();
  }

  /** Waits until a message with this text is on the page. */
  public Locator awaitMessage(String text) {
    Locator message = part("message").filter(new Locator.FilterOptions().setHasText(text));
    message.first().waitFor();
    return message;
  }

  public void awaitMember(String name) {
    part("member").filter(new Locator.FilterOptions().setHasText(name)).first().waitFor();
  }

  /** The button is gone while it loads and when there is no more. */
  public void loadOlderIfThereIsMore() {
    Locator button = part("load-older");
    if (button.isVisible()
        && button.isEnabled(new Locator.IsEnabledOptions().setTimeout(QUICK_MS))) {
      button.click(new Locator.ClickOptions().setTimeout(QUICK_MS));
    }
  }

  /** Of the connection: connecting, online, waiting or offline. */
  public String state() {
    return part("status").getAttribute("data-state");
  }

  /** How far the page is wider than its screen. */
  public int horizontalOverflow() {
    return ((Number)
            page.evaluate(
                "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))
        .intValue();
  }
}
