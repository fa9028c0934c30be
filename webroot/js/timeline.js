/**
 * The messages of one room, each once and in order, out of two sources: pages of history, which
 * number messages by seq, and live frames, which carry no number.
 *
 * Live frames of one connection follow each other without gaps, so one of them whose seq is known
 * numbers all that come after it. It becomes known by overlap: the frames are laid along the
 * history where they match. What history says always wins.
 *
 * "Settled" means: read long enough after the connection joined that everything accepted before
 * is in it. A settled page therefore ends where the frames begin, if they do not overlap it.
 */

/** 2024-01-01, where the time in an id begins. */
const ID_EPOCH_MS = 1_704_067_200_000;

/** How far back frames are looked for in the history. */
const OVERLAP_WINDOW = 400;

/** What makes a live frame and a message of the history the same. */
function keyOf(message) {
  return `${message.fromUserId} ${message.createTime} ${message.msg}`;
}

/** Milliseconds since the epoch at which the server accepted the message. */
export function timeOfId(id) {
  return Number(BigInt(id) >> 22n) + ID_EPOCH_MS;
}

export class Timeline {
  /** Numbered messages, ascending by seq. */
  #stored = [];
  /** Frames of this connection that have no number yet, in their order. */
  #unnumbered = [];
  /** Frames of earlier connections that never got one. */
  #leftovers = [];
  /** Seq of this connection's next frame; 0: not known. */
  #nextSeq = 0;
  /** Which connection this is; live frames carry it. */
  #connection = 0;
  #settled = false;
  #hasOlder = false;
  #counter = 0;

  /** Whether history has messages before the oldest one here. */
  get hasOlder() {
    return this.#hasOlder;
  }

  /** Whether the history is known to reach up to this connection's frames. */
  get settled() {
    return this.#settled;
  }

  get oldestSeq() {
    return this.#stored[0]?.seq ?? 0;
  }

  get newestSeq() {
    return this.#stored.at(-1)?.seq ?? 0;
  }

  /** All messages in order: `{ key, seq?, at, frame }`. */
  messages() {
    return [...this.#stored, ...this.#leftovers, ...this.#unnumbered];
  }

  /** A new connection: its frames have nothing to do with those of the one before. */
  connectionOpened() {
    this.#leftovers.push(...this.#unnumbered);
    this.#unnumbered = [];
    this.#connection++;
    this.#nextSeq = 0;
    this.#settled = false;
  }

  /**
   * A live frame of the room.
   *
   * @param {number} now milliseconds since the epoch
   * @returns {object | null} the new message, or null when history had shown it already
   */
  receive(frame, now) {
    const message = {
      key: `live-${++this.#counter}`, at: now, frame, connection: this.#connection,
    };
    if (this.#nextSeq === 0) {
      this.#unnumbered.push(message);
      this.#number();
      return this.messages().includes(message) ? message : null;
    }
    const seq = this.#nextSeq++;
    if (seq > this.newestSeq) {
      message.seq = seq;
      this.#stored.push(message);
      return message;
    }
    if (this.#matches(seq, frame)) {
      return null;
    }
    // Numbered wrongly after all: begin again with this frame.
    this.#nextSeq = 0;
    this.#settled = false;
    this.#unnumbered.push(message);
    return message;
  }

  /**
   * The newest messages of the history.
   *
   * @param {object[]} page newest first
   * @param {boolean} hasMore whether there are older ones
   * @param {boolean} settled see above
   * @returns {object[]} messages that were not here before
   */
  mergeNewest(page, hasMore, settled) {
    const known = new Set(this.#stored.map((message) => message.seq));
    const liveKeys = countKeys([...this.#leftovers, ...this.#unnumbered]);
    const incoming = page.map(toStored).reverse();
    const lowest = incoming[0]?.seq ?? 0;
    if (incoming.length > 0 && lowest > this.newestSeq + 1) {
      // Too much was missed to close the gap: what is before it can be asked for again.
      this.#stored = [];
      this.#hasOlder = hasMore;
    } else if (this.#stored.length === 0 || lowest < this.oldestSeq) {
      this.#hasOlder = hasMore;
    }
    const contradicted = this.#put(incoming);
    this.#forgetLeftovers(incoming, known, settled);
    this.#correctTail(incoming.at(-1)?.seq ?? 0, contradicted, settled);
    this.#settled ||= settled;
    this.#number();
    return incoming.filter(
      (message) => !known.has(message.seq) && !take(liveKeys, keyOf(message.frame)));
  }

  /** Messages before the oldest one here, newest first. */
  mergeOlder(page, hasMore) {
    this.#put(page.map(toStored).reverse());
    this.#hasOlder = hasMore;
  }

  /** Keeps only the newest messages; the rest can be asked for again. */
  prune(keep) {
    if (this.#stored.length > keep) {
      this.#stored.splice(0, this.#stored.length - keep);
      this.#hasOlder = true;
    }
  }

  /**
   * Places numbered messages; one that stands there already keeps its key: no row jumps.
   *
   * @returns {boolean} whether another message stood at one of the places
   */
  #put(incoming) {
    const bySeq = new Map(this.#stored.map((message) => [message.seq, message]));
    let contradicted = false;
    for (const message of incoming) {
      const before = bySeq.get(message.seq);
      const same = before && keyOf(before.frame) === keyOf(message.frame);
      contradicted ||= before !== undefined && !same;
      bySeq.set(message.seq, same ? before : message);
    }
    this.#stored = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
    return contradicted;
  }

  /** What was numbered by overlap and stands behind the end of the history may be wrong. */
  #correctTail(newest, contradicted, settled) {
    const tail = this.#stored.filter((message) => message.seq > newest);
    const mine = tail.filter((message) => message.connection === this.#connection);
    if (contradicted) {
      this.#nextSeq = 0;
      this.#unnumbered = [...mine, ...this.#unnumbered];
    }
    this.#stored = this.#stored.filter((message) => message.seq <= newest
      || (mine.includes(message) ? !contradicted : !settled));
  }

  /** A settled history has every frame of earlier connections. */
  #forgetLeftovers(incoming, known, settled) {
    if (settled) {
      this.#leftovers = [];
      return;
    }
    const arrived = countKeys(incoming.filter((message) => !known.has(message.seq)));
    this.#leftovers = this.#leftovers.filter((message) => !take(arrived, keyOf(message.frame)));
  }

  /** Finds the seq of the frames that have none. */
  #number() {
    if (this.#nextSeq !== 0 || this.#unnumbered.length === 0) {
      return;
    }
    const first = this.#overlap() || (this.#settled ? this.newestSeq + 1 : 0);
    if (first === 0) {
      return;
    }
    const newest = this.newestSeq;
    const frames = this.#unnumbered;
    this.#unnumbered = [];
    this.#nextSeq = first + frames.length;
    frames.forEach((message, i) => {
      if (first + i > newest) {
        message.seq = first + i;
        this.#stored.push(message);
      }
    });
  }

  /**
   * Seq of the first frame where all frames fit the history, 0 when they fit nowhere. Of several
   * places (somebody said the same twice within a second) the one where both end together.
   */
  #overlap() {
    const newest = this.newestSeq;
    const lowest = Math.max(this.oldestSeq, newest - OVERLAP_WINDOW);
    const frames = this.#unnumbered;
    let best = 0;
    for (let first = lowest; first >= 1 && first <= newest; first++) {
      const fits = frames.every(
        (message, i) => first + i > newest || this.#matches(first + i, message.frame));
      const off = (candidate) => Math.abs(candidate + frames.length - 1 - newest);
      if (fits && (best === 0 || off(first) <= off(best))) {
        best = first;
      }
    }
    return best;
  }

  #matches(seq, frame) {
    const stored = this.#stored[seq - this.oldestSeq];
    // Where history has holes (removed messages), the position is not the seq.
    const message = stored?.seq === seq ? stored : this.#stored.find((m) => m.seq === seq);
    return message !== undefined && keyOf(message.frame) === keyOf(frame);
  }
}

function toStored(message) {
  return {
    key: `seq-${message.seq}`, seq: message.seq, at: timeOfId(message.id), frame: message,
  };
}

function countKeys(messages) {
  const counts = new Map();
  for (const message of messages) {
    const key = keyOf(message.frame);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** Takes one of a key out of the counts; false when there is none left. */
function take(counts, key) {
  const left = counts.get(key) ?? 0;
  counts.set(key, left - 1);
  return left > 0;
}
