package chat.parley.chaos;

import chat.parley.e2e.support.Carrier;
import chat.parley.e2e.support.Mesh;
import chat.parley.e2e.support.ParleyProcess;
import java.net.URI;
import java.util.List;
import java.util.stream.IntStream;

/** The servers of a mesh, whichever layers they have in one process. */
final class MeshServers implements Servers {
  private final Mesh mesh;
  private final List<String> connects;
  private final List<String> apis;
  private final boolean cables;

  /**
   * @param connects members that take connections
   * @param apis members that answer HTTP
   * @param cables whether some have a cable that may be pulled
   */
  MeshServers(Mesh mesh, List<String> connects, List<String> apis, boolean cables) {
    this.mesh = mesh;
    this.connects = connects;
    this.apis = apis;
    this.cables = cables;
  }

  @Override
  public int count() {
    return connects.size();
  }

  @Override
  public int port(Carrier carrier, int server) {
    return carrier.port(mesh.ports(connects.get(server)));
  }

  @Override
  public List<URI> apis(int first) {
    return IntStream.range(first, first + apis.size())
        .mapToObj(i -> address(apis.get(Math.floorMod(i, apis.size()))))
        .toList();
  }

  @Override
  public boolean haveCables() {
    return cables;
  }

  @Override
  public URI api() {
    for (String name : apis) {
      ParleyProcess process = mesh.process(name);
      if (process.isAlive() && process.isReady()) {
        return address(name);
      }
    }
    return address(apis.get(0));
  }

  private URI address(String name) {
    return mesh.ports(name).apiAddress();
  }
}
