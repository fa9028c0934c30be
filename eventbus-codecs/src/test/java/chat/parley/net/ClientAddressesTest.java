package chat.parley.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.settings.SettingsException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientAddressesTest {
  private static final ClientAddresses NONE = new ClientAddresses("x.trusted-proxies", List.of());
  private static final ClientAddresses BEHIND =
      new ClientAddresses("x.trusted-proxies", List.of("10.0.0.0/8", "192.0.2.7", "fd00::/8"));

  @Test
  void whatAStrangerSaysOfItsAddressIsNotBelieved() {
    assertThat(NONE.of(peer("203.0.113.5"), List.of("198.51.100.1"))).isEqualTo("203.0.113.5");
    assertThat(BEHIND.of(peer("203.0.113.5"), List.of("198.51.100.1"))).isEqualTo("203.0.113.5");
  }

  @Test
  void theClientIsTheLastOneThatATrustedProxyHasHeard() {
    List<String> forged = List.of("1.1.1.1, 198.51.100.1", "10.2.2.2");
    assertThat(BEHIND.of(peer("10.1.1.1"), forged)).isEqualTo("198.51.100.1");
    assertThat(BEHIND.of(peer("192.0.2.7"), List.of("198.51.100.1:4711")))
        .isEqualTo("198.51.100.1");
    assertThat(BEHIND.of(peer("192.0.2.8"), List.of("198.51.100.1"))).isEqualTo("192.0.2.8");
    assertThat(BEHIND.of(peer("fd00::1"), List.of("[2001:db8:1:2:3::4]:99")))
        .isEqualTo("2001:db8:1:2::/64");
  }

  @Test
  void aProxyThatNamesNobodyIsNobody() {
    assertThat(BEHIND.of(peer("10.1.1.1"), List.of())).isEmpty();
    assertThat(BEHIND.of(peer("10.1.1.1"), List.of("unknown"))).isEmpty();
    assertThat(BEHIND.of(peer("10.1.1.1"), List.of("198.51.100.1, not-an-address"))).isEmpty();
  }

  @Test
  void anIpv6ClientIsItsNetwork() {
    String one = ClientAddresses.of(peer("2001:db8:1:2:aaaa::1"));
    assertThat(ClientAddresses.of(peer("2001:db8:1:2:bbbb::9"))).isEqualTo(one);
    assertThat(ClientAddresses.of(peer("2001:db8:1:3::1"))).isNotEqualTo(one);
    assertThat(ClientAddresses.of(peer("::ffff:203.0.113.5"))).isEqualTo("203.0.113.5");
  }

  @Test
  void whatIsNoAddressIsNamedWithItsSetting() {
    for (String bad : List.of("proxy.example.org", "10.0.0.0/33", "10.0.0.0/x", "")) {
      assertThatThrownBy(() -> new ClientAddresses("api.trusted-proxies", List.of(bad)))
          .isInstanceOf(SettingsException.class)
          .hasMessageContaining("api.trusted-proxies")
          .hasMessageEndingWith("not " + bad);
    }
  }

  private static SocketAddress peer(String address) {
    return new InetSocketAddress(address, 1234);
  }
}
