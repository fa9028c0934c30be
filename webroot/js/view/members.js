import { h } from '../preact.js';
import { Avatar } from './avatar.js';
import { LockIcon } from './icons.js';

/** Who is in the room; a click on somebody else writes to them alone. */
export function Members({ chat, onPick }) {
  const { room, me } = chat;
  return h('section', { class: 'members', 'aria-label': 'Members' },
    h('h2', null, 'In this room ', h('span', { class: 'count' }, room.count || '')),
    room.members.length === 0 && h('p', { class: 'muted' }, 'Nobody is known to be here yet.'),
    h('ul', { 'data-testid': 'members' }, room.members.map((member) => h('li', {
      key: member.userId, 'data-testid': 'member', 'data-user': member.userName,
    }, h(Member, { member, own: member.userId === me.userId, onPick })))));
}

function Member({ member, own, onPick }) {
  const who = [
    h(Avatar, member),
    h('span', { class: 'name' }, member.userName),
  ];
  if (own) {
    return h('div', { class: 'member' }, who, h('span', { class: 'tag' }, 'you'));
  }
  return h('button', {
    class: 'member', title: `Write to ${member.userName} in private`,
    onClick: () => onPick(member),
  }, who, h('span', { class: 'hint' }, h(LockIcon)));
}
