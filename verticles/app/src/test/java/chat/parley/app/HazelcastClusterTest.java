package chat.parley.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import chat.parley.settings.SettingsReader;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.internal.serialization.SerializationClassNameFilter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
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

  /** Gadgets that run what they are told are classes of libraries; the maps hold none of them. */
  @Test
  void bytesAtTheClustersPortBecomeNoObjectOfALibrary() {
    var filter =
        cluster(new JsonObject(), "/a")
            .config()
            .getSerializationConfig()
            .getJavaSerializationFilterConfig();
    SerializationClassNameFilter names = new SerializationClassNameFilter(filter);
    names.filter("com.hazelcast.map.impl.MapService");
    names.filter("java.util.HashMap");
    for (String name :
        List.of(
            "com.fasterxml.jackson.databind.node.POJONode",
            "ch.qos.logback.core.db.JNDIConnectionSource",
            "com.zaxxer.hikari.HikariConfig",
            "javax.management.BadAttributeValueExpException",
            "java.rmi.server.RemoteObjectInvocationHandler",
            "org.h2.jdbcx.JdbcDataSource")) {
      assertThatThrownBy(() -> names.filter(name)).isInstanceOf(SecurityException.class);
    }
  }

  @Test
  void aClusterThatStrangersMayReachAndThatAsksNobodySaysSo() {
    Logger logger = (Logger) LoggerFactory.getLogger(HazelcastCluster.class);
    ListAppender<ILoggingEvent> said = new ListAppender<>();
    said.start();
    logger.addAppender(said);
    try {
      cluster(new JsonObject(), "/a").warnIfOpen();
      assertThat(said.list).isEmpty();
      cluster(new JsonObject().put("host", "192.0.2.1"), "/a").warnIfOpen();
      assertThat(said.list)
          .singleElement()
          .satisfies(
              event -> {
                assertThat(event.getLevel()).isEqualTo(Level.WARN);
                assertThat(event.getFormattedMessage())
                    .contains("192.0.2.1", "cluster.tls-certificate");
              });
    } finally {
      logger.detachAppender(said);
    }
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
