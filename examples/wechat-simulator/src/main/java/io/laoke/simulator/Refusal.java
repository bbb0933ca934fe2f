package io.laoke.simulator;

import java.util.Map;

/** The platform refuses a call with an errcode. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private static final Map<Integer, String> WORDS =
      Map.ofEntries(
          Map.entry(-1, "system error"),
          Map.entry(40001, "invalid credential, access_token is invalid or not latest"),
          Map.entry(40002, "invalid grant_type"),
          Map.entry(40003, "invalid openid"),
          Map.entry(40013, "invalid appid"),
          Map.entry(40014, "invalid access_token"),
          Map.entry(40032, "invalid openid list size"),
          Map.entry(40033, "invalid charset. please check your request, if include \\uxxxx"),
          Map.entry(40036, "invalid template_id size"),
          Map.entry(40037, "invalid template_id"),
          Map.entry(40039, "invalid url size"),
          Map.entry(40052, "invalid action name"),
          Map.entry(40053, "invalid action info"),
          Map.entry(40066, "invalid url"),
          Map.entry(40125, "invalid appsecret"),
          Map.entry(40164, "invalid ip, not in whitelist"),
          Map.entry(40243, "appsecret is frozen"),
          Map.entry(40246, "invalid keyword_name_list"),
          Map.entry(40247, "only category templates may be added"),
          Map.entry(40249, "marketing content is forbidden in template messages"),
          Map.entry(41001, "access_token missing"),
          Map.entry(41002, "appid missing"),
          Map.entry(41004, "appsecret missing"),
          Map.entry(41009, "missing openid"),
          Map.entry(42001, "access_token expired"),
          Map.entry(43001, "require GET method"),
          Map.entry(43002, "require POST method"),
          Map.entry(43004, "require subscribe"),
          Map.entry(43116, "template is restricted from sending"),
          Map.entry(44002, "empty post data"),
          Map.entry(45009, "reach max api daily quota limit"),
          Map.entry(45011, "api minute-quota reach limit  mustslower  retry next minute"),
          Map.entry(45026, "template num exceeds limit"),
          Map.entry(45029, "qrcode count out of limit"),
          Map.entry(47001, "data format error"),
          Map.entry(47003, "argument invalid!"),
          Map.entry(48001, "api unauthorized"),
          Map.entry(48004, "api forbidden for irregularities"),
          Map.entry(48006, "forbid to clear quota because of reaching the limit"),
          Map.entry(50002, "user limited"),
          Map.entry(76001, "rid not found"),
          Map.entry(76021, "cgi_path not found"),
          Map.entry(76022, "could not use this cgi_path, no permission"));

  private final int code;

  Refusal(int code) {
    this(code, words(code));
  }

  Refusal(int code, String words) {
    super(words, null, false, false);
    this.code = code;
  }

  static String words(int code) {
    return WORDS.getOrDefault(code, "error " + code);
  }

  int code() {
    return code;
  }

  String errmsg() {
    return String.valueOf(getMessage());
  }
}
