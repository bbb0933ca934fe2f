package io.laoke.segment;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One form for what means the same: nested all and any flattened, repeats and double negations
 * gone, one part alone without all or any around it. Built from the leaves upwards, for both trees
 * at once, so that they stay equal node for node.
 */
final class Canon {
  private Canon() {}

  /** The same in both trees. */
  record Pair(Segment segment, Node node) {}

  static final Pair EVERYONE = new Pair(new Segment.All(List.of()), Node.everyone());

  static final Pair NOBODY = new Pair(new Segment.Any(List.of()), new Node.Any(List.of()));

  static Pair all(List<Pair> parts) {
    List<Pair> flat = new ArrayList<>();
    for (Pair part : parts) {
      if (part.segment() instanceof Segment.All segments && part.node() instanceof Node.All nodes) {
        zip(segments.of(), nodes.of(), flat);
      } else {
        flat.add(part);
      }
    }
    List<Pair> left = once(flat);
    return left.size() == 1
        ? left.get(0)
        : new Pair(new Segment.All(segments(left)), new Node.All(nodes(left)));
  }

  static Pair any(List<Pair> parts) {
    List<Pair> flat = new ArrayList<>();
    for (Pair part : parts) {
      if (part.segment() instanceof Segment.Any segments && part.node() instanceof Node.Any nodes) {
        zip(segments.of(), nodes.of(), flat);
      } else {
        flat.add(part);
      }
    }
    List<Pair> left = once(flat);
    return left.size() == 1
        ? left.get(0)
        : new Pair(new Segment.Any(segments(left)), new Node.Any(nodes(left)));
  }

  static Pair not(Pair part) {
    if (part.equals(EVERYONE)) {
      return NOBODY;
    }
    if (part.equals(NOBODY)) {
      return EVERYONE;
    }
    return part.segment() instanceof Segment.Not segment && part.node() instanceof Node.Not node
        ? new Pair(segment.of(), node.of())
        : new Pair(new Segment.Not(part.segment()), new Node.Not(part.node()));
  }

  private static void zip(List<Segment> segments, List<Node> nodes, List<Pair> into) {
    for (int i = 0; i < segments.size(); i++) {
      into.add(new Pair(segments.get(i), nodes.get(i)));
    }
  }

  private static List<Pair> once(List<Pair> parts) {
    Map<Segment, Pair> once = new LinkedHashMap<>();
    parts.forEach(part -> once.putIfAbsent(part.segment(), part));
    return List.copyOf(once.values());
  }

  private static List<Segment> segments(List<Pair> parts) {
    return parts.stream().map(Pair::segment).toList();
  }

  private static List<Node> nodes(List<Pair> parts) {
    return parts.stream().map(Pair::node).toList();
  }

  /**
   * The hash of a canonical tree, the same in whatever order its parts stand: SHA-256 in 43 letters
   * that are safe in an address.
   */
  static String hash(Segment canonical) {
    byte[] text = SegmentWriter.part(sorted(canonical)).getBytes(StandardCharsets.UTF_8);
    try {
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  private static Segment sorted(Segment node) {
    if (node instanceof Segment.All all) {
      return all(sorted(all.of())).segment();
    }
    if (node instanceof Segment.Any any) {
      return any(sorted(any.of())).segment();
    }
    if (node instanceof Segment.Not not) {
      return not(alone(sorted(not.of()))).segment();
    }
    if (node instanceof Segment.Agg agg) {
      return new Segment.Agg(
          agg.agg(),
          agg.of(),
          agg.field(),
          agg.where().map(Canon::sorted),
          agg.during(),
          agg.scope(),
          agg.op(),
          agg.value());
    }
    return node;
  }

  private static List<Pair> sorted(List<Segment> nodes) {
    return nodes.stream()
        .map(Canon::sorted)
        .sorted(Comparator.comparing(SegmentWriter::part))
        .map(Canon::alone)
        .toList();
  }

  /** Where only the segment matters; its node has the same shape on top, so that it flattens. */
  private static Pair alone(Segment segment) {
    if (segment instanceof Segment.All all) {
      return new Pair(
          segment, new Node.All(all.of().stream().map(one -> Node.everyone()).toList()));
    }
    if (segment instanceof Segment.Any any) {
      return new Pair(
          segment, new Node.Any(any.of().stream().map(one -> Node.everyone()).toList()));
    }
    return segment instanceof Segment.Not
        ? new Pair(segment, new Node.Not(Node.everyone()))
        : new Pair(segment, Node.everyone());
  }
}
