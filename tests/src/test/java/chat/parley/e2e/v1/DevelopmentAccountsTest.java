package chat.parley.e2e.v1;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.RunningParley;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@RunningParley
class DevelopmentAccountsTest {

  @ParameterizedTest
  @ValueSource(strings = {"demo", "test", "admin", "demo1", "demo2", "demo3"})
  void accountsOfADevelopmentStartExist(String name, Clients clients) {
    assertThat(clients.http().login(name, "111111").message()).isEqualTo("login success");
  }
}
