package chat.parley.stores.jdbc;

import static chat.parley.stores.jdbc.Await.await;
import static chat.parley.stores.jdbc.Await.codeOf;
import static org.assertj.core.api.Assertions.assertThat;

import chat.parley.bus.ErrorCode;
import chat.parley.stores.Account;
import chat.parley.stores.AccountStore;
import io.vertx.core.Future;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every AccountStore promises. */
abstract class AccountStoreSuite extends StoresFixture {
  private AccountStore accounts() {
    return stores.accounts();
  }

  @Test
  void accountIsFoundByNameAndById() {
    Account created = await(accounts().create("ada", "hash-of-ada"));

    assertThat(created.userId()).isPositive();
    assertThat(created.userName()).isEqualTo("ada");
    assertThat(await(accounts().byName("ada"))).contains(created);
    assertThat(await(accounts().byId(created.userId()))).contains(created);
  }

  @Test
  void unknownNamesAndIdsAreEmpty() {
    assertThat(await(accounts().byName("nobody"))).isEmpty();
    assertThat(await(accounts().byId(-1))).isEmpty();
  }

  @Test
  void idsAscend() {
    Account first = await(accounts().create("first", "h"));
    Account second = await(accounts().create("second", "h"));

    assertThat(second.userId()).isGreaterThan(first.userId());
  }

  @Test
  void parallelRegistrationsOfOneNameGiveExactlyOneAccount() {
    List<Future<Account>> attempts =
        IntStream.range(0, 60).mapToObj(i -> accounts().create("wanted", "hash" + i)).toList();
    await(Future.join(attempts).transform(end -> Future.succeededFuture()));

    List<Future<Account>> won = attempts.stream().filter(Future::succeeded).toList();
    assertThat(won).hasSize(1);
    assertThat(attempts)
        .filteredOn(Future::failed)
        .allSatisfy(lost -> assertThat(codeOf(lost)).isEqualTo(ErrorCode.NAME_TAKEN));
    assertThat(await(accounts().byName("wanted"))).contains(won.get(0).result());
  }

  @Test
  void namesAreComparedExactly() {
    Account lower = await(accounts().create("case", "h"));
    Account upper = await(accounts().create("Case", "h"));
    Account spaced = await(accounts().create("case ", "h"));

    assertThat(await(accounts().byName("case"))).contains(lower);
    assertThat(await(accounts().byName("Case"))).contains(upper);
    assertThat(await(accounts().byName("case "))).contains(spaced);
    assertThat(await(accounts().byName("cas_"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"o'brien\"; --", "\uD83D\uDE00 smile", "名前", "\\", "%"})
  void anyStorableNameIsKeptAsItIs(String name) {
    Account created = await(accounts().create(name, "h"));

    assertThat(await(accounts().byName(name))).contains(created);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nul\0name", "half \uD83D pair"})
  void nameThatNoDatabaseKeepsIsRefusedAndNotFound(String name) {
    assertThat(codeOf(accounts().create(name, "h"))).isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(await(accounts().byName(name))).isEmpty();
  }

  @Test
  void nameThatIsTooLongIsRefused() {
    assertThat(codeOf(accounts().create("n".repeat(256), "h"))).isEqualTo(ErrorCode.BAD_REQUEST);
    assertThat(await(accounts().create("n".repeat(255), "h")).userName()).hasSize(255);
  }
}
