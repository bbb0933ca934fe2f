package io.laoke.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.laoke.error.StoreException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads what Laoke keeps as JSON in its own tables. Records of text, numbers, lists and
 * maps only; times are epoch milliseconds. Keys come in a fixed order, so equal values give equal
 * text; what a newer version added is ignored.
 */
public final class Json {
  private final ObjectMapper mapper =
      JsonMapper.builder()
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** Writes. */
  public String write(Object value) {
    try {
      return mapper.writeValueAsString(value);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("not a value that JSON can hold", impossible);
    }
  }

  /** Reads what {@link #write} gave. */
  public <T> T read(String json, Class<T> type) {
    return checked(reader(json, () -> mapper.readValue(json, type)));
  }

  /** Reads what {@link #write} gave. */
  public <T> T read(String json, TypeReference<T> type) {
    return checked(reader(json, () -> mapper.readValue(json, type)));
  }

  /** Reads what {@link #write} gave, part by part: for what is read a thousand times a second. */
  public <T> T read(String json, Parts<T> parts) {
    return checked(
        reader(
            json,
            () -> {
              try (JsonParser parser = mapper.createParser(json)) {
                parser.nextToken();
                return parts.read(parser);
              } catch (JsonProcessingException damaged) {
                throw damaged;
              } catch (IOException impossible) {
                throw new IllegalStateException("a text that cannot be read", impossible);
              }
            }));
  }

  /** Reads a value whose first token is the parser's current one. */
  public interface Parts<T> {
    /** Reads it. */
    T read(JsonParser parser) throws IOException;
  }

  private static <T> @Nullable T reader(String json, Reading<T> reading) {
    try {
      return reading.read();
    } catch (JsonProcessingException damaged) {
      // Jackson's own words show the value.
      throw new StoreException(
          "A stored JSON value of %d characters cannot be read (%s). Somebody changed it, or a newer version of Laoke wrote it. Run that version on all nodes, or put the row back from a backup."
              .formatted(json.length(), damaged.getClass().getSimpleName()),
          null,
          false);
    }
  }

  private static <T> T checked(@Nullable T value) {
    if (value == null) {
      throw new StoreException(
          "A stored JSON value is null. Somebody changed it; put the row back from a backup.",
          null,
          false);
    }
    return value;
  }

  private interface Reading<T> {
    @Nullable T read() throws JsonProcessingException;
  }
}
