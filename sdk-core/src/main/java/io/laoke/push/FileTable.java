package io.laoke.push;

import io.laoke.error.StoreException;
import io.laoke.internal.jdbc.Listed;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.io.ByteArrayOutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Files and their bytes. */
final class FileTable {
  /** The most bytes of a part; of some contents a driver writes two for one. */
  static final int PART = 512 * 1024;

  private static final int AT_ONCE = 500;
  private static final String COLUMNS = "name, file_type, sha256, size_bytes";

  private FileTable() {}

  /** Puts a file; if one with its hash is there, that stays. */
  static ContentFile put(Tx tx, Tenant tenant, ContentFile file, byte[] bytes) {
    boolean first =
        tx.insertIfAbsent(
            """
            INSERT INTO {content_file} (dealer_id, sha256, name, file_type, size_bytes, added_ms)
            VALUES (:dealer, :sha256, :name, :type, :size, :at)\
            """,
            row ->
                row.bind("dealer", tenant.id())
                    .bind("sha256", file.sha256())
                    .bind("name", file.name())
                    .bind("type", file.type().name())
                    .bind("size", file.size())
                    .bind("at", tx.machineMillis()));
    if (!first) {
      return guarded(tx, tenant, file.sha256()).orElse(file);
    }
    for (int part = 0; part * (long) PART < bytes.length; part++) {
      int from = part * PART;
      tx.update(
              """
              INSERT INTO {content_file_part} (dealer_id, sha256, part, bytes)
              VALUES (:dealer, :sha256, :part, :bytes)\
              """)
          .bind("dealer", tenant.id())
          .bind("sha256", file.sha256())
          .bind("part", part)
          .bind("bytes", Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + PART)))
          .execute();
    }
    return file;
  }

  private static Optional<ContentFile> guarded(Tx tx, Tenant tenant, String sha256) {
    return tx.guarded(
            "SELECT "
                + COLUMNS
                + " FROM {content_file} WHERE dealer_id = :dealer AND sha256 = :sha256")
        .bind("dealer", tenant.id())
        .bind("sha256", sha256)
        .map((row, context) -> file(row))
        .findOne();
  }

  /** Those of these that are kept, by hash. */
  static Map<String, ContentFile> find(Tx tx, Tenant tenant, Collection<String> hashes) {
    Map<String, ContentFile> found = new HashMap<>();
    List<String> all = new ArrayList<>(hashes);
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      List<String> some = all.subList(from, Math.min(all.size(), from + AT_ONCE));
      tx.query(
              "SELECT "
                  + COLUMNS
                  + " FROM {content_file} WHERE dealer_id = :dealer AND sha256 IN (<hashes>)",
              Map.of("dealer", tenant.id(), "hashes", new Listed(Rows.Type.TEXT, some)))
          .map((row, context) -> file(row))
          .forEach(file -> found.put(file.sha256(), file));
    }
    return found;
  }

  private static ContentFile file(ResultSet row) throws SQLException {
    return new ContentFile(
        row.getString("name"),
        FileType.valueOf(row.getString("file_type")),
        row.getString("sha256"),
        row.getLong("size_bytes"));
  }

  /** The bytes of a file. */
  static byte[] bytes(Tx tx, Tenant tenant, ContentFile file) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream((int) file.size());
    tx.query(
            """
            SELECT bytes FROM {content_file_part}
            WHERE dealer_id = :dealer AND sha256 = :sha256 ORDER BY part\
            """)
        .bind("dealer", tenant.id())
        .bind("sha256", file.sha256())
        .map((row, context) -> row.getBytes("bytes"))
        .forEach(bytes::writeBytes);
    if (bytes.size() != file.size()) {
      throw new StoreException(
          "Of the file %s… of %,d bytes only %,d are there. Somebody changed table content_file_part; put its rows back from a backup."
              .formatted(file.sha256().substring(0, 8), file.size(), bytes.size()),
          null,
          false);
    }
    return bytes.toByteArray();
  }
}
