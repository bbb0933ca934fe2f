package io.laoke.internal.columns;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.roaringbitmap.RoaringBitmap;

/**
 * All members of a dealer as of one moment: blocks, and who of each is still as it says. Never
 * changes; a change makes the next.
 */
public final class Members {
  /** Blocks of fewer members than that are put together. */
  private static final int SMALL = Block.MOST / 16;

  private static final int MOST_SMALL = 8;

  /** A block, and who in it was not changed since. */
  public record Part(Block block, RoaringBitmap current) {}

  private final List<Part> parts;
  private final DayStarts days;

  private Members(List<Part> parts, DayStarts days) {
    this.parts = List.copyOf(parts);
    this.days = days;
  }

  /** Nobody. */
  public static Members none(DayStarts days) {
    return new Members(List.of(), days);
  }

  /** The blocks. */
  public List<Part> parts() {
    return parts;
  }

  /** With a block of further members. */
  public Members and(Block block) {
    List<Part> all = new ArrayList<>(parts);
    all.add(new Part(block, block.all));
    return new Members(all, days);
  }

  /**
   * With some members as they are now.
   *
   * @param changed who they are; who of them is not in the block is no member any more
   */
  public Members with(Collection<Long> changed, Block now) {
    List<Part> all = new ArrayList<>();
    for (Part part : parts) {
      RoaringBitmap gone = new RoaringBitmap();
      for (long id : changed) {
        int slot = part.block().slot(id);
        if (slot >= 0 && part.current().contains(slot)) {
          gone.add(slot);
        }
      }
      RoaringBitmap left =
          gone.isEmpty() ? part.current() : RoaringBitmap.andNot(part.current(), gone);
      if (!left.isEmpty()) {
        all.add(new Part(part.block(), left));
      }
    }
    if (now.size() > 0) {
      all.add(new Part(now, now.all));
    }
    return new Members(merged(all), days);
  }

  /** Few changes at a time would leave many small blocks; many changes, half empty ones. */
  private List<Part> merged(List<Part> all) {
    List<Part> kept = new ArrayList<>();
    List<Part> small = new ArrayList<>();
    boolean wasting = false;
    int members = 0;
    for (Part part : all) {
      int current = part.current().getCardinality();
      boolean emptied = current * 2 < part.block().size() && part.block().size() > SMALL;
      if ((emptied || current < SMALL) && members + current <= Block.MOST) {
        members += current;
        wasting |= emptied;
        small.add(part);
      } else {
        kept.add(part);
      }
    }
    if (small.size() <= MOST_SMALL && !wasting) {
      return all;
    }
    kept.add(together(small));
    return kept;
  }

  private record Place(long id, Block block, int slot) {}

  private Part together(List<Part> some) {
    List<Place> places = new ArrayList<>();
    int exactFrom = Integer.MIN_VALUE;
    for (Part part : some) {
      exactFrom = Math.max(exactFrom, part.block().exact.from);
      part.current()
          .forEach(
              (org.roaringbitmap.IntConsumer)
                  slot -> places.add(new Place(part.block().ids.get(slot), part.block(), slot)));
    }
    places.sort(Comparator.comparingLong(Place::id));
    BlockBuilder builder = new BlockBuilder(days, exactFrom);
    for (Place place : places) {
      Block from = place.block();
      int slot = builder.member(place.id());
      for (Map.Entry<String, Map<String, RoaringBitmap>> field : from.codes.entrySet()) {
        field
            .getValue()
            .forEach(
                (code, slots) -> {
                  if (slots.contains(place.slot())) {
                    builder.code(slot, field.getKey(), code);
                  }
                });
      }
      from.numbers.forEach(
          (field, column) -> {
            if (column.slots().contains(place.slot())) {
              builder.number(slot, field, column.get(place.slot()));
            }
          });
      builder.copy(from, place.slot(), slot);
    }
    Block block = builder.build();
    return new Part(block, block.all);
  }

  /** How many members there are. */
  public long size() {
    return parts.stream().mapToLong(part -> part.current().getLongCardinality()).sum();
  }

  /** What all of it takes in memory, in bytes. */
  public long memory() {
    return parts.stream()
        .mapToLong(part -> part.block().memory() + part.current().getLongSizeInBytes())
        .sum();
  }
}
