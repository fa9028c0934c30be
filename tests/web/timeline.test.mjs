import assert from 'node:assert/strict';
import test from 'node:test';
import { timeOfId, Timeline } from '../../webroot/js/timeline.js';

const EPOCH = 1_704_067_200_000;

function message(seq, { user = 1, text = `m${seq}`, second = seq } = {}) {
  return {
    msg: text, fromUserId: user, createTime: `T${second}`, op: 3, roomId: 1, seq,
    id: String(BigInt(seq * 1_000) << 22n),
  };
}

function live({ seq, id, ...frame }) {
  return frame;
}

const newestFirst = (messages) => [...messages].reverse();
const shown = (timeline) => timeline.messages().map((m) => m.frame.msg);
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => message(from + i));

test('the time of a message is in its id', () => {
  assert.equal(timeOfId(message(5).id), EPOCH + 5_000);
});

test('a frame that history has shown already is not shown twice', () => {
  const timeline = new Timeline();
  timeline.connectionOpened();
  timeline.mergeNewest(newestFirst(range(1, 5)), false, false);
  assert.equal(timeline.receive(live(message(4)), 0), null);
  assert.equal(timeline.receive(live(message(5)), 0), null);
  assert.notEqual(timeline.receive(live(message(6)), 0), null);
  assert.deepEqual(shown(timeline), ['m1', 'm2', 'm3', 'm4', 'm5', 'm6']);
});

test('a frame that came before the history is not shown twice', () => {
  const timeline = new Timeline();
  timeline.connectionOpened();
  timeline.receive(live(message(5)), 0);
  timeline.receive(live(message(6)), 0);
  timeline.mergeNewest(newestFirst(range(1, 5)), false, false);
  assert.deepEqual(shown(timeline), ['m1', 'm2', 'm3', 'm4', 'm5', 'm6']);
});

test('what was accepted before the join and stored after the first page is not lost', () => {
  const timeline = new Timeline();
  timeline.connectionOpened();
  timeline.mergeNewest(newestFirst(range(1, 5)), false, false);
  timeline.receive(live(message(7)), 0);
  timeline.mergeNewest(newestFirst(range(1, 7)), false, true);
  assert.deepEqual(shown(timeline), ['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7']);
});

test('the same text twice within a second is two messages', () => {
  const twice = [message(1), message(2, { text: 'hi', second: 9 }),
    message(3, { text: 'hi', second: 9 })];
  const timeline = new Timeline();
  timeline.connectionOpened();
  timeline.receive(live(twice[1]), 0);
  timeline.receive(live(twice[2]), 0);
  timeline.mergeNewest(newestFirst(twice), false, true);
  assert.deepEqual(shown(timeline), ['m1', 'hi', 'hi']);
});

test('a gap that is too large begins anew and can be asked for', () => {
  const timeline = new Timeline();
  timeline.mergeNewest(newestFirst(range(1, 5)), false, true);
  timeline.connectionOpened();
  timeline.mergeNewest(newestFirst(range(100, 102)), true, true);
  assert.deepEqual(shown(timeline), ['m100', 'm101', 'm102']);
  assert.equal(timeline.hasOlder, true);
  timeline.mergeOlder(newestFirst(range(97, 99)), true);
  assert.equal(timeline.oldestSeq, 97);
});

test('history wins over a wrong guess', () => {
  const timeline = new Timeline();
  timeline.connectionOpened();
  timeline.mergeNewest(newestFirst(range(1, 3)), false, true);
  // A frame was lost on the way: 4 never came.
  timeline.receive(live(message(5)), 0);
  timeline.connectionOpened();
  timeline.mergeNewest(newestFirst(range(1, 6)), false, true);
  assert.deepEqual(shown(timeline), range(1, 6).map((m) => m.msg));
});

/** A repeatable source of chance. */
function chance(seed) {
  let state = seed;
  return (bound) => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9 | 0;
    return (state >>> 0) % bound;
  };
}

test('whatever the order of frames, pages and losses, a settled stream is the room', () => {
  for (let seed = 1; seed <= 400; seed++) {
    const pick = chance(seed);
    const timeline = new Timeline();
    const accepted = [];
    let stored = 0;
    let joinedAt = 0;
    let delivered = 0;
    const accept = () => accepted.push(message(accepted.length + 1, {
      user: 1 + pick(2), text: `t${pick(2)}`, second: Math.floor(accepted.length / 3),
    }));
    const page = (settled) => timeline.mergeNewest(
      newestFirst(accepted.slice(0, stored)), false, settled);
    const deliver = () => {
      if (delivered < accepted.length) {
        timeline.receive(live(accepted[delivered++]), 0);
      }
    };
    const join = () => {
      timeline.connectionOpened();
      joinedAt = accepted.length;
      delivered = joinedAt;
    };
    join();
    for (let step = 0; step < 40; step++) {
      [accept, accept, deliver, deliver, () => { stored = Math.min(accepted.length, stored + 1 + pick(3)); },
        () => page(false), () => pick(3) === 0 && join()][pick(7)]();
    }
    while (delivered < accepted.length) {
      deliver();
    }
    stored = accepted.length;
    page(true);
    accept();
    deliver();
    timeline.connectionOpened();
    stored = accepted.length;
    page(true);
    assert.deepEqual(shown(timeline), accepted.map((m) => m.msg), `seed ${seed}`);
    assert.equal(timeline.newestSeq, accepted.length);
  }
});
