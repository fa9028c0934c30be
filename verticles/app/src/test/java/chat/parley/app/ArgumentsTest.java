package chat.parley.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {
  @Test
  void optionsMayBeWrittenWithOneDashOrTwo() {
    for (String line :
        List.of(
            "connect -cluster -instances 2",
            "--cluster connect --instances 2",
            "connect --instances=2 --cluster")) {
      Arguments arguments = parse(line);
      assertThat(arguments.words()).containsExactly("connect");
      assertThat(arguments.has("cluster")).isTrue();
      assertThat(arguments.number("instances")).contains(2);
    }
  }

  @Test
  void whatIsWrongIsNamedInOneSentence() {
    assertThatThrownBy(() -> parse("connect -instnces 2"))
        .hasMessage("run has no option -instnces; there are --cluster, --instances");
    assertThatThrownBy(() -> parse("connect -instances"))
        .hasMessage("option --instances of run needs a value");
    assertThatThrownBy(() -> parse("connect -instances two").number("instances"))
        .hasMessage("option --instances must be a whole number, not two");
  }

  @Test
  void verticlesAreFoundByShortNameAndByClassName() {
    for (Layer layer : Layer.values()) {
      assertThat(Layer.named(layer.shortName())).isEqualTo(layer);
      assertThat(Layer.named(layer.className())).isEqualTo(layer);
      assertThat(layer.className()).matches(ArgumentsTest::isClass);
    }
    assertThatThrownBy(() -> Layer.named("conect"))
        .hasMessage("there is no verticle conect; there are api, site, connect, logic, task");
  }

  private static boolean isClass(String name) {
    try {
      return Class.forName(name) != null;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static Arguments parse(String line) {
    return Arguments.parse(
        "run", List.of(line.split(" ")), List.of("cluster"), List.of("instances"));
  }
}
