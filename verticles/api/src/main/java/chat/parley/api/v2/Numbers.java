package chat.parley.api.v2;

import chat.parley.bus.ChatError;
import chat.parley.bus.ErrorCode;

/** Ids and seqs as clients write them: decimal digits. */
final class Numbers {
  private Numbers() {}

  /** A number of 1 to 2^63-1; anything else is refused by name. */
  static long positive(String name, String digits) {
    long number = parse(digits);
    if (number < 1) {
      throw notPositive(name);
    }
    return number;
  }

  /** Like {@link #positive}, and 0. */
  static long notNegative(String name, String digits) {
    long number = parse(digits);
    if (number < 0) {
      throw new ChatError(ErrorCode.BAD_REQUEST, name + " must be a whole number, 0 or more");
    }
    return number;
  }

  static ChatError notPositive(String name) {
    return new ChatError(ErrorCode.BAD_REQUEST, name + " must be a positive whole number");
  }

  /** Negative for what is no number. */
  private static long parse(String digits) {
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return -1;
    }
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException tooLong) {
      return -1;
    }
  }
}
