package chat.parley.e2e.v2;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the listener of one device was told, and what the device did about it. Any thread. */
final class Diary {
  /** Why what follows need not begin behind what came before. */
  enum Begins {
    /** The device has never been in the conversation. */
    FOR_THE_FIRST_TIME,
    /** It had left the room, and joined it again. */
    JOINED_AGAIN,
    /** The client lost its memory, or a part of it. */
    FORGETFUL
  }

  record Heard(long seq, long sender, String text) {}

  /** An uninterrupted piece of a conversation, as the listener got it. */
  static final class Run {
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

    List<Heard> heard() {
      return heard;
    }
  }

  private final String device;
  private final long user;
  private final Map<String, List<Run>> runs = new LinkedHashMap<>();
  private final Map<String, Boolean> member = new LinkedHashMap<>();
  private final List<String> complaints = new ArrayList<>();

  Diary(String device, long user) {
    this.device = device;
    this.user = user;
  }

  String device() {
    return device;
  }

  long user() {
    return user;
  }

  /** The device is about to join a room. */
  synchronized void joins(String conversation) {
    List<Run> before = runs.computeIfAbsent(conversation, c -> new ArrayList<>());
    before.add(new Run(before.isEmpty() ? Begins.FOR_THE_FIRST_TIME : Begins.JOINED_AGAIN));
    member.put(conversation, true);
  }

  /** The server let it in and told from where. */
  synchronized void joined(String conversation, long after) {
    last(conversation).after = after;
  }

  synchronized void left(String conversation) {
    member.put(conversation, false);
  }

  /** The client goes on with an older state than the listener has seen, or with none. */
  synchronized void forgets() {
    runs.values().forEach(pieces -> pieces.add(new Run(Begins.FORGETFUL)));
  }

  synchronized void heard(String conversation, long seq, long sender, String text) {
    runs.computeIfAbsent(
        conversation,
        direct -> {
          Run all = new Run(Begins.FOR_THE_FIRST_TIME);
          all.after = 0;
          member.put(direct, true);
          return new ArrayList<>(List.of(all));
        });
    last(conversation).heard.add(new Heard(seq, sender, text));
  }

  /** Something that must not happen did. */
  synchronized void complain(String about) {
    complaints.add(device + ": " + about);
  }

  synchronized List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Whether the device has to have everything of a conversation. */
  synchronized boolean isMember(String conversation) {
    return member.getOrDefault(conversation, false);
  }

  /** Copies, in the order in which they began; none for a conversation that was never heard of. */
  synchronized List<Run> runs(String conversation) {
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

  private Run last(String conversation) {
    List<Run> pieces = runs.get(conversation);
    return pieces.get(pieces.size() - 1);
  }
}
