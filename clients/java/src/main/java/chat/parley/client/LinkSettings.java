package chat.parley.client;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * With whom and how a client stays connected.
 *
 * @param addresses tried in turn
 * @param credentials to log in with, when there is no token or it is refused
 * @param register whether the account is made at the first login
 * @param login token and device from before
 * @param deviceName what a new device is called
 * @param onlyNew whether a new device does without old direct messages
 * @param state where a login is kept
 * @param listener who is told
 * @param timing how long what may take
 */
record LinkSettings(
    List<URI> addresses,
    Optional<Accounts.Credentials> credentials,
    boolean register,
    Optional<Login> login,
    String deviceName,
    boolean onlyNew,
    ClientState state,
    ParleyListener listener,
    Timing timing) {}
