package chat.parley.app;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A command line: what is named ({@code run connect}) and options, each written {@code -name
 * value}, {@code --name value} or {@code --name=value}.
 */
final class Arguments {
  private final List<String> words = new ArrayList<>();
  private final Map<String, String> options = new LinkedHashMap<>();

  private Arguments() {}

  /**
   * @param verb that the arguments belong to, for the sentence when one is wrong
   * @param flags options without a value
   * @param valued options with a value
   * @throws StartFailure naming the option that is unknown or lacks its value
   */
  static Arguments parse(String verb, List<String> args, List<String> flags, List<String> valued) {
    Arguments parsed = new Arguments();
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      if (!arg.startsWith("-") || isNumber(arg)) {
        parsed.words.add(arg);
        continue;
      }
      String name = arg.replaceFirst("^--?", "").replaceFirst("=.*$", "").toLowerCase(Locale.ROOT);
      int equals = arg.indexOf('=');
      if (flags.contains(name) && equals < 0) {
        parsed.options.put(name, "");
      } else if (!valued.contains(name)) {
        throw unknown(verb, arg, flags, valued);
      } else if (equals >= 0) {
        parsed.options.put(name, arg.substring(equals + 1));
      } else if (++i < args.size()) {
        parsed.options.put(name, args.get(i));
      } else {
        throw StartFailure.usage("option --" + name + " of " + verb + " needs a value");
      }
    }
    return parsed;
  }

  List<String> words() {
    return words;
  }

  boolean has(String flag) {
    return options.containsKey(flag);
  }

  Optional<String> value(String option) {
    return Optional.ofNullable(options.get(option));
  }

  /** The value of an option that must be a number. */
  Optional<Integer> number(String option) {
    return value(option).map(text -> number("option --" + option, text));
  }

  /**
   * @throws StartFailure naming what should be a number
   */
  static int number(String what, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw StartFailure.usage(what + " must be a whole number, not " + text);
    }
  }

  private static boolean isNumber(String arg) {
    return arg.matches("-\\d+");
  }

  private static StartFailure unknown(
      String verb, String arg, List<String> flags, List<String> valued) {
    List<String> known = new ArrayList<>(flags);
    known.addAll(valued);
    String list = known.isEmpty() ? "it has none" : "there are --" + String.join(", --", known);
    return StartFailure.usage(verb + " has no option " + arg.split("=")[0] + "; " + list);
  }
}
