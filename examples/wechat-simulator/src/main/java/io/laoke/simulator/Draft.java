package io.laoke.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/** A draft in the box. Guarded by the world. */
record Draft(String mediaId, List<Article> articles, Instant updated) {
  Draft {
    articles = List.copyOf(articles);
  }

  void writeTo(ArrayNode items, boolean withContent, String base) {
    for (int i = 0; i < articles.size(); i++) {
      ObjectNode item = articles.get(i).json().deepCopy();
      if (!withContent) {
        item.remove("content");
      }
      items.add(item.put("url", base + "/_sim/draft?media_id=" + mediaId + "&idx=" + (i + 1)));
    }
  }
}
