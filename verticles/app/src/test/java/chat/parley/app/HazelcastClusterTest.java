package chat.parley.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import chat.parley.settings.SettingsReader;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.SAXException;

class HazelcastClusterTest {
  @Test
  void theClusterFileFitsHazelcastsSchema() throws IOException, SAXException {
    try (InputStream schema = resource("hazelcast-config-5.3.xsd");
        InputStream file = resource("cluster.xml")) {
      SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
          .newSchema(new StreamSource(schema))
          .newValidator()
          .validate(new StreamSource(file));
    }
  }

  @Test
  void byDefaultNothingLeavesLoopback() {
    Config config = cluster(new JsonObject(), "/a").config();
    assertThat(config.getNetworkConfig().getInterfaces().isEnabled()).isTrue();
    assertThat(config.getNetworkConfig().getInterfaces().getInterfaces())
        .containsExactly("127.0.0.1");
    assertThat(config.getProperty("hazelcast.socket.bind.any")).isEqualTo("false");
    assertThat(config.getProperty("hazelcast.phone.home.enabled")).isEqualTo("false");
    JoinConfig join = config.getNetworkConfig().getJoin();
    assertThat(join.getMulticastConfig().isEnabled()).isFalse();
    assertThat(join.getAutoDetectionConfig().isEnabled()).isFalse();
    assertThat(join.getTcpIpConfig().getMembers())
        .hasSize(20)
        .contains("127.0.0.1:5701", "127.0.0.1:5720");
  }

  @Test
  void whatTheEventBusKeepsIsBackedUp() {
    Config config = cluster(new JsonObject(), "/a").config();
    assertThat(config.getMultiMapConfigs().get("__vertx.subs").getBackupCount()).isEqualTo(1);
    assertThat(config.getMapConfigs().keySet()).contains("__vertx.nodeInfo", "__vertx.haInfo");
  }

  @Test
  void installationsWithDifferentDataNeverMeet() {
    String one = cluster(new JsonObject(), "/home/one/data").name();
    assertThat(one).isEqualTo(cluster(new JsonObject(), "/home/one/data").name());
    assertThat(one).isNotEqualTo(cluster(new JsonObject(), "/home/two/data").name());
    assertThat(cluster(new JsonObject().put("name", "parley"), "/x").config().getClusterName())
        .isEqualTo("parley");
  }

  @Test
  void namedMembersTakeThePlaceOfTheKubernetesService() {
    JsonObject section = new JsonObject().put("kubernetes-service", "parley-cluster");
    JoinConfig byService = cluster(section, "/a").config().getNetworkConfig().getJoin();
    assertThat(byService.getKubernetesConfig().isEnabled()).isTrue();
    assertThat(byService.getTcpIpConfig().isEnabled()).isFalse();
    section.put("members", new JsonArray().add("10.0.0.1").add("10.0.0.2:5799"));
    section.put("port-count", 2);
    JoinConfig byName = cluster(section, "/a").config().getNetworkConfig().getJoin();
    assertThat(byName.getKubernetesConfig().isEnabled()).isFalse();
    assertThat(byName.getTcpIpConfig().getMembers())
        .containsExactly("10.0.0.1:5701", "10.0.0.1:5702", "10.0.0.2:5799");
  }

  @Test
  void aHostWithoutAnAddressIsNamed() {
    assertThatThrownBy(() -> cluster(new JsonObject().put("host", "nowhere.invalid"), "/a"))
        .hasMessageContaining("cluster.host nowhere.invalid");
  }

  private static HazelcastCluster cluster(JsonObject section, String data) {
    return new HazelcastCluster(
        SettingsReader.section(
            new JsonObject().put("cluster", section), "cluster", ClusterSettings.class),
        data);
  }

  private static InputStream resource(String name) {
    return HazelcastClusterTest.class.getClassLoader().getResourceAsStream(name);
  }
}
