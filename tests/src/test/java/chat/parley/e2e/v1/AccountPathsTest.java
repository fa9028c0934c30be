package chat.parley.e2e.v1;

import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.e2e.support.Clients;
import chat.parley.e2e.support.RunningParley;
import chat.parley.e2e.support.V1Http;
import chat.parley.e2e.support.V1Http.Answer;
import chat.parley.e2e.support.V1Http.User;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@RunningParley
class AccountPathsTest {

  @Test
  void registrationAnswersATokenThatIsValidAtOnce(Clients clients) {
    String name = V1Http.newName();
    Answer registered = clients.http().register(name, "password of " + name);
    assertThat(registered.status()).isEqualTo(200);
    assertThat(registered.code()).isZero();
    assertThat(registered.message()).isEqualTo("register success");
    assertThat(clients.http().checkAuth(registered.data().asText()).ok()).isTrue();
  }

  @Test
  void tokenIsThirtyTwoBytesInUrlSafeBase64(Clients clients) {
    User user = clients.newUser();
    assertThat(Base64.getUrlDecoder().decode(user.token())).hasSize(32);
    assertThat(user.token()).matches("[A-Za-z0-9_=-]{43,44}");
  }

  @Test
  void takenNameIsRefusedAndSaysSo(Clients clients) {
    User user = clients.newUser();
    Answer second = clients.http().register(user.name(), "another password");
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.code()).isEqualTo(1);
    assertThat(second.message()).isEqualTo("this user name already have , please login !!!");
    assertThat(clients.http().login(user.name(), user.password()).ok()).isTrue();
  }

  @Test
  void loginAnswersAToken(Clients clients) {
    User user = clients.newUser();
    Answer login = clients.http().login(user.name(), user.password());
    assertThat(login.status()).isEqualTo(200);
    assertThat(login.code()).isZero();
    assertThat(login.message()).isEqualTo("login success");
    assertThat(clients.http().checkAuth(login.data().asText()).ok()).isTrue();
  }

  @Test
  void wrongPasswordAndUnknownNameAreAnsweredAlike(Clients clients) {
    User user = clients.newUser();
    for (Answer refused :
        new Answer[] {
          clients.http().login(user.name(), "not " + user.password()),
          clients.http().login(V1Http.newName(), user.password())
        }) {
      assertThat(refused.status()).isEqualTo(200);
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.message()).isEqualTo("no this user or password error!");
    }
  }

  @Test
  void checkAuthTellsIdAndName(Clients clients) {
    User user = clients.newUser();
    Answer checked = clients.http().checkAuth(user.token());
    assertThat(checked.code()).isZero();
    assertThat(checked.message()).isEqualTo("auth success");
    assertThat(checked.data().path("userId").isIntegralNumber()).isTrue();
    assertThat(checked.data().path("userId").asLong()).isPositive();
    assertThat(checked.data().path("userName").asText()).isEqualTo(user.name());
    assertThat(checked.data().size()).isEqualTo(2);
  }

  @Test
  void logoutEndsTheToken(Clients clients) {
    User user = clients.newUser();
    Answer out = clients.http().logout(user.token());
    assertThat(out.code()).isZero();
    assertThat(out.message()).isEqualTo("logout ok!");
    assertThat(out.data().isNull()).isTrue();
    assertThat(clients.http().checkAuth(user.token()).code()).isEqualTo(40000);
  }

  @Test
  void aLoginRevokesTheTokenOfThePreviousOne(Clients clients) {
    User user = clients.newUser();
    User again = clients.http().loggedIn(user.name(), user.password());
    assertThat(again.id()).isEqualTo(user.id());
    assertThat(clients.http().checkAuth(user.token()).code()).isEqualTo(40000);
    assertThat(clients.http().checkAuth(again.token()).ok()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/user/checkAuth",
        "/user/logout",
        "/push/push",
        "/push/pushRoom",
        "/push/count",
        "/push/getRoomInfo",
        "/push/history"
      })
  void missingOrUnknownTokenIsASessionError(String path, Clients clients) {
    for (String token : new String[] {null, "", "no-such-token-no-such-token-no-such-token-no"}) {
      Answer refused =
          clients
              .http()
              .post(path, "authToken", token, "msg", "x", "toUserId", "1", "roomId", 1, "op", 3);
      assertThat(refused.status()).isEqualTo(200);
      assertThat(refused.code()).as("code for token '%s'", token).isEqualTo(40000);
      assertThat(refused.message()).isEqualTo("Session error");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/user/register, userName, passWord",
    "/user/register, passWord, userName",
    "/user/login, userName, passWord",
    "/user/login, passWord, userName"
  })
  void missingOrEmptyFieldIsNamed(String path, String missing, String given, Clients clients) {
    for (Answer refused :
        new Answer[] {
          clients.http().post(path, given, "something"),
          clients.http().post(path, given, "something", missing, "")
        }) {
      assertThat(refused.status()).isEqualTo(200);
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.message()).containsIgnoringCase(missing);
    }
  }

  @Test
  void bodyThatIsNoJsonIsRefusedAndNothingElseSuffers(Clients clients) {
    for (String body : new String[] {"", "{", "[]", "null", "\"text\"", "{\"userName\":{}}"}) {
      Answer refused = clients.http().postBody("/user/login", body);
      assertThat(refused.code()).as("code for %s", body).isEqualTo(1);
    }
    assertThat(clients.newUser().id()).isPositive();
  }
}
