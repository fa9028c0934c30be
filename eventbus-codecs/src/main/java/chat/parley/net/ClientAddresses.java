package chat.parley.net;

import chat.parley.settings.SettingsException;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Tells clients apart by their address. What a proxy says of whom it speaks for ({@code
 * X-Forwarded-For}) is believed of the proxies of the settings alone; anybody else could count as
 * somebody new with every request. An IPv6 client is its /64 network: it has all addresses of it.
 *
 * <p>Any thread; resolves no names.
 */
public final class ClientAddresses {
  private static final int NETWORK_BYTES = 8;

  private final List<IpSubnetFilterRule> proxies;

  /**
   * @param setting that the proxies come from, for the error's text
   * @param proxies addresses or networks, for example {@code 10.0.0.0/8}
   * @throws SettingsException naming the one that is neither
   */
  public ClientAddresses(String setting, List<String> proxies) {
    this.proxies = proxies.stream().map(proxy -> rule(setting, proxy)).toList();
  }

  private static IpSubnetFilterRule rule(String setting, String proxy) {
    String[] parts = proxy.trim().split("/", 2);
    byte[] address = NetUtil.createByteArrayFromIpAddressString(parts[0]);
    try {
      int all = address == null ? 0 : address.length * Byte.SIZE;
      int prefix = parts.length == 1 ? all : Integer.parseInt(parts[1]);
      if (address != null) {
        return new IpSubnetFilterRule(
            InetAddress.getByAddress(address), prefix, IpFilterRuleType.ACCEPT);
      }
    } catch (IllegalArgumentException | UnknownHostException malformed) {
      throw notAnAddress(setting, proxy, malformed);
    }
    throw notAnAddress(setting, proxy, null);
  }

  private static SettingsException notAnAddress(String setting, String proxy, Throwable cause) {
    return new SettingsException(
        setting + " holds addresses or networks such as 10.0.0.0/8, not " + proxy, cause);
  }

  /** Whether a peer is one of the proxies, and so many clients. */
  public boolean isProxy(SocketAddress peer) {
    if (peer instanceof InetSocketAddress address && !address.isUnresolved()) {
      for (IpSubnetFilterRule rule : proxies) {
        if (rule.matches(address)) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Whose connection or request it is.
   *
   * @param forwardedFor values of all headers {@code X-Forwarded-For}, in their order
   * @return empty when that is not known: a proxy that names nobody, or no network at all
   */
  public String of(SocketAddress peer, List<String> forwardedFor) {
    if (!isProxy(peer)) {
      return of(peer);
    }
    String[] hops = String.join(",", forwardedFor).split(",");
    // Each hop has added whom it heard; what stands before the first stranger, the stranger said.
    for (int i = hops.length - 1; i >= 0; i--) {
      byte[] hop = NetUtil.createByteArrayFromIpAddressString(withoutPort(hops[i].trim()));
      if (hop == null) {
        return "";
      }
      SocketAddress address = new InetSocketAddress(resolved(hop), 0);
      if (!isProxy(address)) {
        return of(address);
      }
    }
    return "";
  }

  /** Whose connection it is when no proxy stands between; empty when that is not known. */
  public static String of(SocketAddress peer) {
    if (!(peer instanceof InetSocketAddress address) || address.isUnresolved()) {
      return "";
    }
    InetAddress ip = address.getAddress();
    if (ip instanceof Inet6Address) {
      byte[] network = Arrays.copyOf(ip.getAddress(), NETWORK_BYTES);
      return NetUtil.toAddressString(resolved(Arrays.copyOf(network, 2 * NETWORK_BYTES))) + "/64";
    }
    return ip.getHostAddress();
  }

  private static InetAddress resolved(byte[] address) {
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four or sixteen bytes are an address", e);
    }
  }

  /** Some proxies add the port: {@code 192.0.2.1:4711}, {@code [2001:db8::1]:4711}. */
  private static String withoutPort(String hop) {
    if (hop.startsWith("[")) {
      return hop.replaceFirst("]:\\d+$", "]");
    }
    int colon = hop.indexOf(':');
    return colon >= 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
  }
}
