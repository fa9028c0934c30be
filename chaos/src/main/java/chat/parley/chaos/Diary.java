package chat.parley.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the listener of one device was told, and what the device did about it. Any thread. */
public class Diary {
  /** Why what follows need not begin behind what came before. */
  enum Begins {
    /** The device has never been in the conversation; or, without a memory, has connected anew. */
    FOR_THE_FIRST_TIME,
    /** It had left the room, and joined it again. */
    JOINED_AGAIN,
    /** The client lost its memory, or a part of it. */
    FORGETFUL,
    /** It need, and must: what came before was compared and is not kept here any more. */
    CONTINUED
  }

  /**
   * @param seq {@link Run#UNKNOWN} on a wire that does not tell it
   * @param sender 0 on a wire that does not tell it
   */
  public record Heard(long seq, long sender, String text) {}

  /** An uninterrupted piece of a conversation, as the listener got it. */
  public static final class Run {
    static final long UNKNOWN = -1;

    private final Begins begins;
    private final List<Heard> heard = new ArrayList<>();
    private long after = UNKNOWN;

    private Run(Begins begins) {
      this.begins = begins;
    }

    Begins begins() {
      return begins;
    }

    /** What follows this seq was promised; unknown when the server has not said so. */
    long after() {
      return after;
    }

    public List<Heard> heard() {
      return heard;
    }
  }

  private final String device;
  private final long user;
  private final boolean remembers;
  private final Map<String, List<Run>> runs = new LinkedHashMap<>();
  private final Map<String, Boolean> member = new LinkedHashMap<>();
  private final Map<String, Long> has = new LinkedHashMap<>();
  private final Map<String, Set<String>> mayCome = new HashMap<>();
  private long joinsAt;
  private final List<Finding> complaints = new ArrayList<>();
  private long count;

  /** Of a device that has a place in every conversation of its user. */
  public Diary(String device, long user) {
    this(device, user, true);
  }

  /**
   * @param remembers whether the client has a place where it goes on; a v1 client has none, and is
   *     promised what comes while it is connected
   */
  Diary(String device, long user, boolean remembers) {
    this.device = device;
    this.user = user;
    this.remembers = remembers;
  }

  public String device() {
    return device;
  }

  public long user() {
    return user;
  }

  boolean remembers() {
    return remembers;
  }

  /** The device is about to join a room. */
  public synchronized void joins(String conversation) {
    List<Run> before = runs.computeIfAbsent(conversation, c -> new ArrayList<>());
    boolean first = !remembers || before.isEmpty();
    before.add(new Run(first ? Begins.FOR_THE_FIRST_TIME : Begins.JOINED_AGAIN));
    member.put(conversation, remembers);
    joinsAt = System.nanoTime();
  }

  /** The server let it in and told from where. */
  public synchronized void joined(String conversation, long after) {
    last(conversation).after = after;
    member.put(conversation, true);
  }

  /**
   * A client without a memory has lost its connection: until it is let in again nothing is promised
   * to it, and then only what follows.
   */
  synchronized void disconnected() {
    runs.values().forEach(pieces -> pieces.add(new Run(Begins.FOR_THE_FIRST_TIME)));
    member.replaceAll((conversation, is) -> false);
    mayCome.clear();
  }

  public synchronized void left(String conversation) {
    member.put(conversation, false);
  }

  /** The client goes on with an older state than the listener has seen, or with none. */
  public synchronized void forgets() {
    runs.values().forEach(pieces -> pieces.add(new Run(Begins.FORGETFUL)));
  }

  public synchronized void heard(String conversation, long seq, long sender, String text) {
    runs.computeIfAbsent(
        conversation,
        direct -> {
          Run all = new Run(Begins.FOR_THE_FIRST_TIME);
          all.after = remembers ? 0 : Run.UNKNOWN;
          member.put(direct, true);
          return new ArrayList<>(List.of(all));
        });
    if (!remembers) {
      member.put(conversation, true);
    }
    last(conversation).heard.add(new Heard(seq, sender, text));
    count++;
  }

  /** How many messages the device was told of. */
  synchronized long count() {
    return count;
  }

  /** Something that must not happen did. */
  public synchronized void complain(String about) {
    complaints.add(new Finding(Finding.Verdict.REFUSED, device + ": " + about));
  }

  public synchronized List<Finding> complaints() {
    return List.copyOf(complaints);
  }

  /** Whether the device has to have everything of a conversation. */
  synchronized boolean isMember(String conversation) {
    return member.getOrDefault(conversation, false);
  }

  /** Copies, in the order in which they began; none for a conversation that was never heard of. */
  public synchronized List<Run> runs(String conversation) {
    List<Run> copies = new ArrayList<>();
    for (Run run : runs.getOrDefault(conversation, List.of())) {
      Run copy = new Run(run.begins);
      copy.after = run.after;
      copy.heard.addAll(run.heard);
      copies.add(copy);
    }
    return copies;
  }

  /** Conversations that the device has ever heard of. */
  synchronized List<String> conversations() {
    return List.copyOf(runs.keySet());
  }

  /** Up to where the device had everything when that was last compared. */
  synchronized long has(String conversation) {
    return has.getOrDefault(conversation, Run.UNKNOWN);
  }

  /**
   * Lets go of what was compared; what came since stays.
   *
   * @param compared copies as {@link #runs} gave them
   * @param up to where the device has everything; unknown keeps the last piece as it is
   */
  synchronized void forget(String conversation, List<Run> compared, long up) {
    List<Run> pieces = runs.getOrDefault(conversation, List.of());
    if (compared.isEmpty() || pieces.size() < compared.size()) {
      return;
    }
    pieces.subList(0, compared.size() - 1).clear();
    if (up == Run.UNKNOWN) {
      return;
    }
    has.put(conversation, up);
    Run last = pieces.get(0);
    boolean begun = !last.heard.isEmpty() || last.after != Run.UNKNOWN;
    if (!begun && last.begins != Begins.CONTINUED) {
      return;
    }
    Run on = new Run(Begins.CONTINUED);
    on.heard.addAll(
        last.heard.subList(compared.get(compared.size() - 1).heard.size(), last.heard.size()));
    pieces.set(0, on);
  }

  /** When it was about to join a room last, by {@link System#nanoTime}. */
  synchronized long joinsAt() {
    return joinsAt;
  }

  /**
   * Texts that were compared without being heard, and may be heard yet on the connection of now: a
   * direct message that was lost on its way to a client without a memory is found and given later.
   */
  synchronized Set<String> mayCome(String conversation) {
    return new HashSet<>(mayCome.getOrDefault(conversation, Set.of()));
  }

  synchronized void mayCome(String conversation, Set<String> texts) {
    mayCome.put(conversation, texts);
  }

  /** Lets go of complaints that were told. */
  synchronized void forgetComplaints(int told) {
    complaints.subList(0, told).clear();
  }

  private Run last(String conversation) {
    List<Run> pieces = runs.get(conversation);
    return pieces.get(pieces.size() - 1);
  }
}
