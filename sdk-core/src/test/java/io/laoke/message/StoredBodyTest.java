package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.base.Sealer;
import io.laoke.error.StoreException;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Privacy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The words of a message as they are stored. */
class StoredBodyTest {
  private final Json json = new Json();
  private final Privacy privacy = new Privacy(new byte[32], Sealer.plain());

  private TemplateMessage read(String fields) {
    return StoredBody.read(
        json,
        privacy,
        Sealed.seal(
            json,
            privacy,
            "{\"v\": 1, \"template\": \"tpl\", \"fields\": [%s]}".formatted(fields)));
  }

  /** Else a customer would read "null". */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"key\": \"thing1\"}",
        "{\"key\": \"thing1\", \"value\": null}",
        "{\"key\": \"thing1\", \"value\": {\"a\": 1}}",
        "{\"value\": \"x\"}",
        "5"
      })
  void aFieldWithoutAValueIsNotRead(String field) {
    assertThatThrownBy(() -> read(field)).isInstanceOf(StoreException.class);
  }

  @Test
  void whatANewerVersionAddedIsPassedOver() {
    assertThat(read("{\"key\": \"thing1\", \"value\": \"x\", \"colour\": {\"a\": [1]}}").fields())
        .containsEntry("thing1", new TemplateMessage.Field("x", null));
  }

  @Test
  void aTextThatBecameAnObjectIsAsGoodAsAbsent() {
    assertThat(
            read("{\"fallback\": {\"key\": \"no\"}, \"key\": \"thing1\", \"value\": \"x\"}")
                .fields())
        .containsExactly(Map.entry("thing1", new TemplateMessage.Field("x", null)));
  }

  @Test
  void whatIsWrittenIsReadAndNothingIsWrittenOfWhatIsNotThere() {
    TemplateMessage bare =
        new TemplateMessage(
            "tpl",
            Map.of("thing1", new TemplateMessage.Field("x", null)),
            Optional.empty(),
            Optional.empty());
    TemplateMessage full =
        new TemplateMessage(
            "tpl",
            Map.of("thing1", new TemplateMessage.Field("", "y")),
            Optional.of("https://dealer.example/o/1"),
            Optional.of(new TemplateMessage.MiniProgram("wx1", "pages/a")));
    for (TemplateMessage body : List.of(bare, full)) {
      assertThat(StoredBody.read(json, privacy, StoredBody.write(json, privacy, body)))
          .isEqualTo(body);
    }
    assertThat(Sealed.open(json, privacy, StoredBody.write(json, privacy, bare)))
        .isEqualTo(
            "{\"fields\":[{\"key\":\"thing1\",\"value\":\"x\"}],\"template\":\"tpl\",\"v\":1}");
  }
}
