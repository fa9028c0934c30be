import { Component, h } from '../preact.js';
import { Composer } from './composer.js';
import { LeaveIcon, Logo, PeopleIcon } from './icons.js';
import { Members } from './members.js';
import { Messages } from './messages.js';
import { Status } from './status.js';

/** A room: who is there, what was said, and the field to say more. */
export class RoomPage extends Component {
  state = { membersShown: false };

  render({ chat }, { membersShown }) {
    const { room } = chat;
    return h('div', { class: membersShown ? 'room members-shown' : 'room' },
      h('header', { class: 'bar' },
        h('div', { class: 'brand' }, h(Logo), h('h1', null, 'Parley')),
        h(RoomForm, { key: room.id, chat }),
        h(Status, { chat }),
        h('button', {
          class: 'round people', 'aria-expanded': membersShown, 'aria-controls': 'members-panel',
          'aria-label': `Members: ${room.count}`, 'data-testid': 'members-toggle',
          onClick: () => this.setState({ membersShown: !membersShown }),
        }, h(PeopleIcon), h('span', { class: 'badge' }, room.count)),
        h('span', { class: 'who', title: 'You', 'data-testid': 'me' }, chat.me.userName),
        h('button', {
          class: 'round', 'data-testid': 'logout', 'aria-label': 'Log out', title: 'Log out',
          onClick: () => chat.logout(),
        }, h(LeaveIcon))),
      h('aside', { class: 'panel', id: 'members-panel' }, h(Members, {
        chat,
        onPick: (member) => {
          chat.writeTo(member);
          this.setState({ membersShown: false });
        },
      })),
      h('main', { class: 'talk', 'data-room': room.id },
        h(Messages, { room }),
        h(Composer, { chat })));
  }
}

/** Shows the room's number, and goes to another one. */
class RoomForm extends Component {
  state = { value: String(this.props.chat.room.id) };

  render({ chat }, { value }) {
    const roomId = /^\d{1,15}$/.test(value.trim()) ? Number(value) : 0;
    return h('form', {
      class: 'room-form',
      onSubmit: (event) => {
        event.preventDefault();
        if (roomId > 0) {
          chat.enterRoom(roomId);
        }
      },
    },
    h('label', { for: 'room' }, 'Room'),
    h('input', {
      id: 'room', 'data-testid': 'room-input', inputMode: 'numeric', autocomplete: 'off', value,
      'aria-invalid': roomId === 0, size: Math.max(2, value.length),
      onInput: (event) => this.setState({ value: event.currentTarget.value }),
    }),
    h('button', {
      class: 'secondary', 'data-testid': 'room-enter', disabled: roomId === 0,
    }, 'Go'));
  }
}
