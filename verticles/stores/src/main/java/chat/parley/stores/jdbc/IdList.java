package chat.parley.stores.jdbc;

import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/**
 * Ids for the inside of an IN list. Filled up to a power of two by the last one again, so that
 * there are a handful of statements, whose plans the database keeps, and not one for each number of
 * ids.
 */
record IdList(List<Object> ids) {
  /**
   * @param ids at least one
   */
  static IdList of(List<Long> ids) {
    int size = Integer.highestOneBit(2 * ids.size() - 1);
    List<Object> filled = new ArrayList<>(size);
    filled.addAll(ids);
    while (filled.size() < size) {
      filled.add(ids.get(ids.size() - 1));
    }
    return new IdList(filled);
  }

  String placeholders() {
    return Database.placeholders(ids.size());
  }

  Tuple parameters() {
    return Tuple.wrap(new ArrayList<>(ids));
  }

  /** The ids behind another parameter, and before one more. */
  Tuple parametersBetween(Object before, Object after) {
    List<Object> all = new ArrayList<>(ids.size() + 2);
    all.add(before);
    all.addAll(ids);
    all.add(after);
    return Tuple.wrap(all);
  }
}
