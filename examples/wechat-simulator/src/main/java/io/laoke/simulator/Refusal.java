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
          Map.entry(40029, "invalid code"),
          Map.entry(40033, "invalid charset. please check your request, if include \\uxxxx"),
          Map.entry(40036, "invalid template_id size"),
          Map.entry(40037, "invalid template_id"),
          Map.entry(40039, "invalid url size"),
          Map.entry(40052, "invalid action name"),
          Map.entry(40053, "invalid action info"),
          Map.entry(40066, "invalid url"),
          Map.entry(40125, "invalid appsecret"),
          Map.entry(40163, "code been used"),
          Map.entry(40164, "invalid ip, not in whitelist"),
          Map.entry(40243, "appsecret is frozen"),
          Map.entry(40246, "invalid keyword_name_list"),
          Map.entry(40247, "only category templates may be added"),
          Map.entry(40249, "marketing content is forbidden in template messages"),
          Map.entry(41001, "access_token missing"),
          Map.entry(41002, "appid missing"),
          Map.entry(41004, "appsecret missing"),
          Map.entry(41008, "missing code"),
          Map.entry(41009, "missing openid"),
          Map.entry(42001, "access_token expired"),
          Map.entry(42003, "code expired"),
          Map.entry(43001, "require GET method"),
          Map.entry(43002, "require POST method"),
          Map.entry(43004, "require subscribe"),
          Map.entry(43101, "user refuse to accept the msg"),
          Map.entry(40062, "invalid title size"),
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
          Map.entry(40004, "invalid media type"),
          Map.entry(40005, "invalid file type"),
          Map.entry(40006, "invalid meida size"),
          Map.entry(40007, "invalid media_id"),
          Map.entry(40008, "invalid message type"),
          Map.entry(40009, "invalid image size"),
          Map.entry(40031, "invalid openid list"),
          Map.entry(40059, "invalid msg id"),
          Map.entry(40060, "invalid article idx"),
          Map.entry(40065, "invalid article status"),
          Map.entry(40097, "invalid args"),
          Map.entry(40114, "invalid index value"),
          Map.entry(40130, "invalid openid list size, at least two openid"),
          Map.entry(40152, "invalid tag_id"),
          Map.entry(44001, "empty media data"),
          Map.entry(44003, "empty news data"),
          Map.entry(44004, "empty content"),
          Map.entry(45002, "content size out of limit"),
          Map.entry(45003, "title size out of limit"),
          Map.entry(45004, "description size out of limit"),
          Map.entry(45005, "link size out of limit"),
          Map.entry(45008, "article count out of limit"),
          Map.entry(45015, "response out of time limit or subscription is canceled"),
          Map.entry(45028, "has no masssend quota"),
          Map.entry(45047, "out of response count limit"),
          Map.entry(45056, "tag number exceeds limit"),
          Map.entry(45057, "can't delete the tag that has too many fans"),
          Map.entry(45058, "can't modify sys tag"),
          Map.entry(45059, "can not add more tags to a user"),
          Map.entry(45065, "clientmsgid exist"),
          Map.entry(45066, "clientmsgid used again within one minute"),
          Map.entry(45067, "clientmsgid size out of limit"),
          Map.entry(45072, "invalid command"),
          Map.entry(45080, "no message from the user within 30 seconds"),
          Map.entry(45081, "already in typing state"),
          Map.entry(45083, "invalid speed"),
          Map.entry(45084, "speed is missing"),
          Map.entry(45110, "author size out of limit"),
          Map.entry(45113, "goods and card messages are not supported any more"),
          Map.entry(45157, "invalid tag name"),
          Map.entry(45158, "tag name too long"),
          Map.entry(45159, "invalid tag id"),
          Map.entry(45166, "invalid content"),
          Map.entry(45169, "tag changes of this user are under way"),
          Map.entry(46001, "media data no exist"),
          Map.entry(48008, "no permission for this msgtype"),
          Map.entry(49003, "not match openid with appid"),
          Map.entry(89504, "the mass send waits for the administrator"),
          Map.entry(76001, "rid not found"),
          Map.entry(76021, "cgi_path not found"),
          Map.entry(76022, "could not use this cgi_path, no permission"));

  private final int code;
  private final transient Map<String, Long> more;

  Refusal(int code) {
    this(code, words(code));
  }

  Refusal(int code, String words) {
    this(code, words, Map.of());
  }

  /** A refusal that tells a number besides. */
  Refusal(int code, String words, Map<String, Long> more) {
    super(words, null, false, false);
    this.code = code;
    this.more = Map.copyOf(more);
  }

  Map<String, Long> more() {
    return more;
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
