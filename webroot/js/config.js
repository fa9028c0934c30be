/** Where the servers are: what the site's server says, or ports of the host of the page. */
export async function readConfig(location, fetch = globalThis.fetch) {
  const response = await fetch.call(globalThis, '/config.json', { cache: 'no-cache' });
  const config = await response.json();
  // A page that came by https may call nothing else, whatever stands in front of the ports.
  const secure = (tls) => (tls || location.protocol === 'https:' ? 's' : '');
  return {
    apiUrl: config.apiUrl ?? `http${secure(config.apiTls)}://${location.hostname}:${config.apiPort}`,
    wsUrl: config.wsUrl ?? `ws${secure(config.wsTls)}://${location.hostname}:${config.wsPort}/ws`,
  };
}

/** The room of a link such as `#/room/7`; 0 when it names none. */
export function roomOfHash(hash) {
  const match = /^#\/room\/(\d{1,15})$/.exec(hash);
  return match ? Number(match[1]) : 0;
}
