package io.laoke.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.catalog.Category;
import io.laoke.testing.TestServer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KnownPlacesTest {
  @ParameterizedTest
  @EnumSource
  void anAnswerHoldsUnlessACategoryBelowWasPutMeanwhile(TestServer server) {
    try (SegmentFixture laoke = new SegmentFixture(server)) {
      laoke.catalog().put(Category.of("garden", "厨房"));
      laoke.catalog().put(Category.of("garden/hood", "油烟机"));
      laoke.catalog().put(Category.of("gardens", "厨房设备"));
      laoke.catalog().put(Category.of("bath", "影音"));
      laoke.database.read(
          "see what is known",
          tx -> {
            KnownPlaces known = new KnownPlaces(tx, laoke.tenant);
            assertThat(known.below("garden"))
                .hasValueSatisfying(
                    all -> assertThat(all).containsExactly("garden", "garden/hood"));
            assertThat(known.stillSo()).isTrue();
            laoke.catalog().put(Category.of("bath/tv", "电视"));
            assertThat(known.stillSo()).isTrue();
            return known;
          });
      laoke.catalog().move("garden/hood", "home/hood");
      laoke.database.read(
          "see what was",
          tx -> {
            KnownPlaces known = new KnownPlaces(tx, laoke.tenant);
            // Lines may still stand there.
            assertThat(known.below("garden"))
                .hasValueSatisfying(all -> assertThat(all).contains("garden/hood"));
            return known;
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyCategoriesAreNotNamedOneByOne(TestServer server) {
    try (SegmentFixture laoke = new SegmentFixture(server)) {
      for (int i = 0; i < 199; i++) {
        laoke.catalog().put(Category.of("garden/c" + i, "厨房" + i));
      }
      laoke.database.read(
          "see what is known",
          tx -> {
            assertThat(new KnownPlaces(tx, laoke.tenant).below("garden")).isPresent();
            return tx;
          });
      laoke.catalog().put(Category.of("garden/one-more", "厨房"));
      laoke.database.read(
          "see what is known",
          tx -> {
            assertThat(new KnownPlaces(tx, laoke.tenant).below("garden")).isEmpty();
            return tx;
          });
    }
  }
}
