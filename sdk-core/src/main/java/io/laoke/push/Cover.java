package io.laoke.push;

import static io.laoke.base.Check.key;

/** The cover of an article 封面. */
public sealed interface Cover {
  /**
   * A picture that Laoke keeps; it becomes permanent material of each account that sends it.
   *
   * @param sha256 as {@link ContentFile} has it
   */
  record OfFile(String sha256) implements Cover {
    /** Checks. */
    public OfFile {
      sha256 = ContentFile.sha256("cover", sha256);
    }
  }

  /**
   * Permanent material of an account, as articles have it that staff wrote in WeChat's editor. Only
   * that account can send it.
   *
   * @param account the account's key, for WeChat the appid
   * @param mediaId the material's id
   */
  record OfMaterial(String account, String mediaId) implements Cover {
    /** Checks. */
    public OfMaterial {
      account = key("account", account, 64);
      mediaId = key("mediaId", mediaId, 128);
    }
  }
}
