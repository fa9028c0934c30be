package chat.parley.logic;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.ErrorCode;
import chat.parley.proto.FindUser;
import chat.parley.proto.SessionOpened;
import chat.parley.proto.UserFound;
import io.vertx.core.Future;
import org.junit.jupiter.api.Test;

class UsersTest extends DeviceFixture {
  @Test
  void userIsFoundByNameAndByIdWithTheConversationOfTheTwo() {
    SessionOpened seeker = user("seeker");
    SessionOpened sought = user("sought");
    UserFound expected =
        UserFound.newBuilder()
            .setUserId(idOf(sought))
            .setUserName("sought")
            .setConversation(pair(seeker, sought))
            .build();

    assertThat(await(find(seeker, FindUser.newBuilder().setUserName("sought"))))
        .isEqualTo(expected);
    assertThat(await(find(seeker, FindUser.newBuilder().setUserId(idOf(sought)))))
        .isEqualTo(expected);
    assertThat(await(find(seeker, FindUser.newBuilder().setUserName("seeker"))).getConversation())
        .isEqualTo(pair(seeker, seeker));
  }

  @Test
  void whoIsNotThereAndWhoDoesNotSayWhoAreRefused() {
    SessionOpened seeker = user("lonely");

    assertRefused(
        find(seeker, FindUser.newBuilder().setUserName("noone")),
        ErrorCode.NOT_FOUND,
        "no such user");
    assertRefused(
        find(seeker, FindUser.newBuilder().setUserId(99_999)), ErrorCode.NOT_FOUND, "no such user");
    assertRefused(
        find(seeker, FindUser.newBuilder().setUserId(0)), ErrorCode.BAD_REQUEST, "userId");
    assertRefused(
        find(seeker, FindUser.newBuilder().setUserName("")), ErrorCode.BAD_REQUEST, "userName");
    assertRefused(find(seeker, FindUser.newBuilder()), ErrorCode.BAD_REQUEST, "userName or userId");
    assertRefused(
        ask(logic -> logic.findUser(FindUser.newBuilder().setUserId(1).setToken("no").build())),
        ErrorCode.UNAUTHENTICATED,
        "the token is unknown or has expired");
  }

  private Future<UserFound> find(SessionOpened session, FindUser.Builder request) {
    FindUser complete = request.setToken(session.getToken()).build();
    return ask(logic -> logic.findUser(complete));
  }
}
