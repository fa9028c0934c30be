package chat.parley.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.app.Scaler.Host;
import chat.parley.app.Scaler.Target;
import chat.parley.bus.ChatError;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScalerTest {
  private static final List<Host> HOSTS =
      List.of(new Host("a", 1), new Host("b", 4), new Host("c", 1));

  @Test
  void aTotalIsSpreadEvenlyAndTheRestGoesToTheFirst() {
    assertThat(Scaler.spread(HOSTS, 8))
        .containsExactlyInAnyOrder(
            new Target("a", 1, 3), new Target("b", 4, 3), new Target("c", 1, 2));
    assertThat(Scaler.spread(HOSTS, 1)).contains(new Target("a", 1, 1), new Target("c", 1, 0));
  }

  @Test
  void nodesThatGrowAreToldBeforeNodesThatShrink() {
    assertThat(Scaler.spread(HOSTS, 7).stream().map(Target::nodeId)).containsExactly("a", "c", "b");
  }

  @Test
  void whatCannotBeIsRefusedByName() {
    assertThatThrownBy(() -> Scaler.spread(List.of(), 3)).isInstanceOf(ChatError.class);
    assertThatThrownBy(() -> Scaler.spread(HOSTS, 1_000)).hasMessageContaining("at most 64");
  }
}
