package chat.parley.bus;

import chat.parley.proto.AskAgain;
import chat.parley.proto.AskRoom;
import chat.parley.proto.CheckAuth;
import chat.parley.proto.CheckConnections;
import chat.parley.proto.ConnectionAdmitted;
import chat.parley.proto.ConnectionOpened;
import chat.parley.proto.ConnectionsChecked;
import chat.parley.proto.ConversationList;
import chat.parley.proto.CursorsSaved;
import chat.parley.proto.Deliver;
import chat.parley.proto.Delivered;
import chat.parley.proto.Device;
import chat.parley.proto.DeviceRevoked;
import chat.parley.proto.Devices;
import chat.parley.proto.FetchMessages;
import chat.parley.proto.FetchedMessages;
import chat.parley.proto.FindUser;
import chat.parley.proto.Heads;
import chat.parley.proto.HistoryPage;
import chat.parley.proto.Identity;
import chat.parley.proto.JoinRoom;
import chat.parley.proto.LeaveRoom;
import chat.parley.proto.ListConversations;
import chat.parley.proto.ListDevices;
import chat.parley.proto.LoggedOut;
import chat.parley.proto.Login;
import chat.parley.proto.Logout;
import chat.parley.proto.MessagesSent;
import chat.parley.proto.NodeStatus;
import chat.parley.proto.OpenConnection;
import chat.parley.proto.ReadHeads;
import chat.parley.proto.ReadHistory;
import chat.parley.proto.ReadMembers;
import chat.parley.proto.ReadNodeStatus;
import chat.parley.proto.ReadUserHeads;
import chat.parley.proto.Register;
import chat.parley.proto.RenameDevice;
import chat.parley.proto.RevokeDevice;
import chat.parley.proto.RoomAsked;
import chat.parley.proto.RoomChanged;
import chat.parley.proto.RoomFigure;
import chat.parley.proto.RoomJoined;
import chat.parley.proto.RoomLeft;
import chat.parley.proto.RoomMembers;
import chat.parley.proto.SaveCursors;
import chat.parley.proto.ScaleVerticle;
import chat.parley.proto.Scaled;
import chat.parley.proto.SendAck;
import chat.parley.proto.SendMessage;
import chat.parley.proto.SendMessages;
import chat.parley.proto.SessionEnded;
import chat.parley.proto.SessionOpened;
import chat.parley.proto.UserFound;
import chat.parley.proto.UserHeads;
import chat.parley.proto.Wake;
import com.google.protobuf.Message;
import java.util.List;

/** Every message that may cross the bus by itself. What is not listed here is refused. */
final class Contract {
  static final List<Message> MESSAGES =
      List.of(
          AskAgain.getDefaultInstance(),
          Register.getDefaultInstance(),
          Login.getDefaultInstance(),
          SessionOpened.getDefaultInstance(),
          Logout.getDefaultInstance(),
          LoggedOut.getDefaultInstance(),
          CheckAuth.getDefaultInstance(),
          Identity.getDefaultInstance(),
          JoinRoom.getDefaultInstance(),
          RoomJoined.getDefaultInstance(),
          SendMessage.getDefaultInstance(),
          SendAck.getDefaultInstance(),
          ReadHistory.getDefaultInstance(),
          HistoryPage.getDefaultInstance(),
          FetchMessages.getDefaultInstance(),
          FetchedMessages.getDefaultInstance(),
          ReadHeads.getDefaultInstance(),
          Heads.getDefaultInstance(),
          AskRoom.getDefaultInstance(),
          RoomAsked.getDefaultInstance(),
          Deliver.getDefaultInstance(),
          Delivered.getDefaultInstance(),
          RoomFigure.getDefaultInstance(),
          RoomChanged.getDefaultInstance(),
          SessionEnded.getDefaultInstance(),
          LeaveRoom.getDefaultInstance(),
          RoomLeft.getDefaultInstance(),
          SendMessages.getDefaultInstance(),
          MessagesSent.getDefaultInstance(),
          ReadMembers.getDefaultInstance(),
          RoomMembers.getDefaultInstance(),
          FindUser.getDefaultInstance(),
          UserFound.getDefaultInstance(),
          OpenConnection.getDefaultInstance(),
          ConnectionAdmitted.getDefaultInstance(),
          ListConversations.getDefaultInstance(),
          ConversationList.getDefaultInstance(),
          SaveCursors.getDefaultInstance(),
          CursorsSaved.getDefaultInstance(),
          ReadUserHeads.getDefaultInstance(),
          UserHeads.getDefaultInstance(),
          CheckConnections.getDefaultInstance(),
          ConnectionsChecked.getDefaultInstance(),
          ListDevices.getDefaultInstance(),
          Devices.getDefaultInstance(),
          Device.getDefaultInstance(),
          RenameDevice.getDefaultInstance(),
          RevokeDevice.getDefaultInstance(),
          DeviceRevoked.getDefaultInstance(),
          ConnectionOpened.getDefaultInstance(),
          Wake.getDefaultInstance(),
          ReadNodeStatus.getDefaultInstance(),
          NodeStatus.getDefaultInstance(),
          ScaleVerticle.getDefaultInstance(),
          Scaled.getDefaultInstance());

  private Contract() {}
}
