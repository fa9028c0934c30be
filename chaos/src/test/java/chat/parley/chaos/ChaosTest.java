package chat.parley.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.chaos.Finding.Verdict;
import chat.parley.chaos.faults.Kinds;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The command: what it refuses, how it ends, and that a seed is a plan. */
class ChaosTest {
  private final PrintStream usual = System.err;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(said, true));
  }

  @AfterEach
  void leave() {
    System.setErr(usual);
  }

  private void refuses(String because, String... arguments) {
    said.reset();
    assertThat(Chaos.run(arguments)).isEqualTo(2);
    assertThat(said.toString()).contains(because).contains("--help").doesNotContain("\tat ");
  }

  @Test
  void whatCannotBeIsRefusedByName() {
    refuses("--minutes must be 0 to", "--minutes", "-1");
    refuses("--rate must be 1 to", "--rate", "0");
    refuses("there is no fault earthquake", "--faults", "kill,earthquake");
    refuses("--database", "--database", "oracle");
    refuses("nonsense", "nonsense");
  }

  @Test
  void withoutAServerToStartItSaysSo() {
    assertThat(Chaos.run("--minutes", "0")).isEqualTo(1);
    assertThat(said.toString()).contains("./parley chaos").doesNotContain("\tat ");
  }

  @ParameterizedTest
  @EnumSource(Verdict.class)
  void oneBrokenPromiseIsEnoughToFail(Verdict verdict) {
    Outcome outcome = new Outcome();
    assertThat(Chaos.exit(outcome)).isZero();
    outcome.found(List.of(new Finding(verdict, "one of thousands")));
    assertThat(Chaos.exit(outcome)).isEqualTo(3);
    outcome.stopped();
    assertThat(Chaos.exit(outcome)).isEqualTo(3);
  }

  @Test
  void whoStoppedItHasSeenNoSuccess() {
    Outcome outcome = new Outcome();
    outcome.stopped();
    assertThat(Chaos.exit(outcome)).isEqualTo(130);
  }

  @Test
  void aSeedIsAPlanInWhichEveryKindHasItsTurn() {
    assertThat(plan(42)).isEqualTo(plan(42)).isNotEqualTo(plan(43));
    assertThat(plan(42)).containsAll(Kinds.all().stream().map(FaultKind::name).toList());
  }

  private static List<String> plan(long seed) {
    Plan plan = new Plan(seed, Kinds.all());
    return IntStream.range(0, 60).mapToObj(n -> plan.kind().name()).toList();
  }
}
