import assert from 'node:assert/strict';
import test, { mock } from 'node:test';
import { Backoff } from '../../webroot/js/backoff.js';
import { readConfig, roomOfHash } from '../../webroot/js/config.js';
import { Outbox } from '../../webroot/js/outbox.js';
import { Socket } from '../../webroot/js/socket.js';
import { hueOf, initialOf, linkParts } from '../../webroot/js/text.js';
import { V1Client } from '../../webroot/js/v1.js';

test('waits grow to a bound, and never agree', () => {
  const longest = new Backoff({ random: () => 1 });
  assert.deepEqual([1, 2, 3, 4, 5, 6, 7].map(() => longest.next()),
    [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  longest.reset();
  assert.equal(longest.next(), 1_000);
  assert.equal(new Backoff({ random: () => 0 }).next(), 500);
});

const answering = (answer) => new V1Client('http://h:1/', {
  fetch: async () => ({ json: async () => answer }),
});

test('an ended session and an outage are told apart', async () => {
  await assert.rejects(answering({ code: 40_000, message: 'Session error' }).checkAuth('t'),
    { sessionEnded: true });
  await assert.rejects(answering({ code: 1, message: 'please try again' }).checkAuth('t'),
    { sessionEnded: false, message: 'please try again' });
  const away = new V1Client('http://h:1', { fetch: async () => { throw new TypeError('x'); } });
  await assert.rejects(away.checkAuth('t'), { sessionEnded: false, unreachable: true });
});

test('a token travels in the body and in no address', async () => {
  const calls = [];
  const client = new V1Client('http://h:1', {
    fetch: async (url, init) => {
      calls.push({ url, ...init });
      return { json: async () => ({ code: 0, data: null }) };
    },
  });
  await client.sendToUser('secret', 7, 3, { text: 'm', clientMessageId: 'c', resend: false });
  assert.equal(calls[0].url, 'http://h:1/push/push');
  assert.deepEqual(JSON.parse(calls[0].body), {
    authToken: 'secret', msg: 'm', toUserId: '3', roomId: 7, clientMessageId: 'c', resend: false,
  });
});

test('addresses are those of the settings or of the page', async () => {
  const read = (config, location) => readConfig(location, async () => ({ json: async () => config }));
  assert.deepEqual(
    await read({ apiUrl: null, wsUrl: null, apiPort: 7070, wsPort: 7000 },
      { protocol: 'http:', hostname: 'chat.local' }),
    { apiUrl: 'http://chat.local:7070', wsUrl: 'ws://chat.local:7000/ws' });
  assert.deepEqual(
    await read({ apiUrl: 'https://a', wsUrl: 'wss://w/ws', apiPort: 1, wsPort: 2 },
      { protocol: 'https:', hostname: 'x' }),
    { apiUrl: 'https://a', wsUrl: 'wss://w/ws' });
  assert.deepEqual(
    await read({ apiUrl: null, wsUrl: null, apiPort: 1, wsPort: 2, apiTls: true, wsTls: true },
      { protocol: 'http:', hostname: 'x' }),
    { apiUrl: 'https://x:1', wsUrl: 'wss://x:2/ws' });
  assert.deepEqual(
    await read({ apiUrl: null, wsUrl: null, apiPort: 1, wsPort: 2, apiTls: false, wsTls: false },
      { protocol: 'https:', hostname: 'x' }),
    { apiUrl: 'https://x:1', wsUrl: 'wss://x:2/ws' });
  assert.equal(roomOfHash('#/room/7'), 7);
  assert.equal(roomOfHash('#/room/x'), 0);
});

test('links are cut out and the text stays whole', () => {
  const text = 'see https://a.example/x?y=1, or (http://b.example). <b>no</b>';
  const parts = linkParts(text);
  assert.equal(parts.map((part) => part.text).join(''), text);
  assert.deepEqual(parts.filter((part) => part.href).map((part) => part.href),
    ['https://a.example/x?y=1', 'http://b.example']);
  assert.deepEqual(linkParts('javascript:alert(1)'), [{ text: 'javascript:alert(1)' }]);
});

test('a user has one colour and a first letter', () => {
  assert.equal(hueOf(5), hueOf(5));
  assert.ok(hueOf(123_456) >= 0 && hueOf(123_456) < 12);
  assert.equal(initialOf('😀x'), '😀');
  assert.equal(initialOf(''), '?');
});

test('a sent message waits until the room shows it', () => {
  const outbox = new Outbox({ newId: () => 'id' });
  const entry = outbox.add('hello', null, 0);
  outbox.failed(entry, 'away');
  assert.equal(outbox.entries()[0].state, 'failed');
  assert.equal(outbox.retry(entry).resend, true);
  outbox.sent(entry, 5_000);
  outbox.settled(5_500);
  assert.equal(outbox.entries().length, 1);
  outbox.arrived('hello');
  assert.equal(outbox.entries().length, 0);
});

test('a server that stops sends its clients elsewhere, each at a moment of its own', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const waits = [];
  let last = null;
  const socketWith = (random) => new Socket('ws://h', {
    onState: ({ state, retryAt }) => state === 'waiting' && waits.push(retryAt),
    onOpen: () => {}, onFrame: () => {},
  }, {
    open: () => (last = { readyState: 1, send: () => {}, close: () => {} }),
    backoff: new Backoff({ random: () => random }), clock: () => 0,
  });
  for (const random of [0, 0.25, 1]) {
    const socket = socketWith(random);
    socket.connect();
    last.onopen();
    last.onclose({ code: 1012 });
    mock.timers.tick(waits.at(-1));
    last.onclose({ code: 1006 });
    socket.close();
  }
  assert.deepEqual(waits, [0, 1_000, 250, 1_250, 1_000, 2_000]);
  mock.timers.reset();
});

test('a lost connection comes back, and its late frames are not heard', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const opened = [];
  const states = [];
  const frames = [];
  const socket = new Socket('ws://h', {
    onState: ({ state }) => states.push(state), onOpen: () => {},
    onFrame: (data) => frames.push(data),
  }, {
    open: () => {
      const fake = { readyState: 1, send: () => {}, close: () => {} };
      opened.push(fake);
      return fake;
    },
    backoff: new Backoff({ random: () => 1 }), clock: () => 0,
  });
  socket.connect();
  opened[0].onopen();
  opened[0].onclose();
  mock.timers.tick(1_000);
  opened[0].onmessage({ data: 'late' });
  opened[1].onopen();
  opened[1].onmessage({ data: 'new' });
  assert.deepEqual(states, ['connecting', 'online', 'waiting', 'connecting', 'online']);
  assert.deepEqual(frames, ['new']);
  socket.close();
  mock.timers.tick(60_000);
  assert.equal(opened.length, 2);
  mock.timers.reset();
});
