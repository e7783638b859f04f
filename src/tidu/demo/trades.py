"""What the made-up enterprises do: industries of both cities, the words of their names, and their products."""

from __future__ import annotations

from typing import Final, NamedTuple

BAOTOU: Final = "150200"
HOHHOT: Final = "150100"


class Trade(NamedTuple):
    """A line of business: industry code, the words a name takes from it, products, cluster, and how common it is."""

    industry: str
    words: tuple[str, ...]
    products: tuple[str, ...]
    cluster: str = ""
    weight: int = 4


TRADES: Final[dict[str, tuple[Trade, ...]]] = {
    BAOTOU: (
        Trade(
            "C3985",
            ("稀土新材料", "磁性材料"),
            ("烧结钕铁硼磁体", "粘结磁体", "稀土抛光粉", "稀土发光材料"),
            "baotou_rare_earth",
            10,
        ),
        Trade(
            "C3232", ("稀土", "稀土金属"), ("金属镨钕", "稀土合金", "电解稀土金属"), "baotou_rare_earth", 6
        ),
        Trade("C3254", ("稀土材料",), ("稀土合金带材", "储氢合金粉"), "baotou_rare_earth", 3),
        Trade(
            "C3813",
            ("永磁电机", "电机科技"),
            ("永磁同步电机", "微特电机", "伺服电机"),
            "baotou_rare_earth",
            4,
        ),
        Trade("C3218", ("硅业", "硅材料"), ("多晶硅料", "工业硅", "硅粉"), "baotou_green_silicon", 4),
        Trade(
            "C3825", ("光伏科技", "光伏材料"), ("单晶硅片", "光伏组件", "切割线"), "baotou_green_silicon", 7
        ),
        Trade(
            "C3415",
            ("风电装备", "风能装备"),
            ("风电塔筒", "风机叶片", "风电齿轮箱壳体"),
            "baotou_wind_power",
            6,
        ),
        Trade("C3130", ("钢材加工", "特钢"), ("高强钢板", "精密钢管", "特种钢棒"), "baotou_metals", 5),
        Trade("C3252", ("铝业", "铝材"), ("汽车铝合金型材", "铝箔", "铝合金轮毂坯料"), "baotou_metals", 6),
        Trade("C3392", ("铸造", "精密铸造"), ("铝合金压铸件", "镁合金铸件"), "baotou_metals", 4),
        Trade(
            "C3091", ("碳素", "碳材料"), ("碳纤维预制体", "石墨电极", "负极材料"), "baotou_carbon_fibre", 5
        ),
        Trade(
            "C3670",
            ("车辆部件", "汽车零部件"),
            ("重卡车桥", "车架总成", "制动部件"),
            "baotou_new_energy_trucks",
            6,
        ),
        Trade("C3660", ("专用车",), ("新能源自卸车厢体", "半挂车"), "baotou_new_energy_trucks", 2),
        Trade(
            "C3841", ("储能科技", "新能源"), ("磷酸铁锂电芯", "储能电池模组"), "baotou_hydrogen_storage", 4
        ),
        Trade("C3842", ("储氢材料",), ("镍氢动力电池", "固态储氢装置"), "baotou_hydrogen_storage", 3),
        Trade("C3511", ("矿山机械", "矿山装备"), ("矿用破碎机", "选矿设备")),
        Trade("C3443", ("阀门", "流体控制"), ("高压阀门", "调节阀")),
        Trade("C3089", ("耐火材料",), ("高炉用耐火砖", "不定形耐火材料")),
        Trade("C2651", ("高分子材料", "化工材料"), ("聚烯烃树脂", "改性塑料"), "baotou_carbon_fibre"),
        Trade("M7452", ("检测技术",), ("稀土成分检测", "无损检测"), weight=3),
        Trade("I6513", ("信息技术", "工业软件"), ("生产管理软件", "能耗管理平台"), weight=5),
        Trade("I6531", ("智能科技",), ("工业控制系统集成", "设备联网改造"), weight=4),
    ),
    HOHHOT: (
        Trade("C1441", ("乳品", "乳业"), ("低温酸奶", "巴氏杀菌乳"), "hohhot_green_food", 7),
        Trade("C1449", ("奶制品", "生物乳品"), ("乳清蛋白", "奶酪", "乳酸菌发酵剂"), "hohhot_green_food", 5),
        Trade("C1353", ("食品", "肉食品"), ("冷鲜羊肉", "熟制牛肉"), "hohhot_green_food", 5),
        Trade("C1391", ("淀粉", "薯业"), ("马铃薯淀粉", "变性淀粉"), "hohhot_green_food", 3),
        Trade("C1495", ("生物饲料", "饲料科技"), ("饲用益生菌", "饲料酶制剂"), "hohhot_green_food", 4),
        Trade("C1721", ("绒毛",), ("无毛绒", "羊绒条")),
        Trade("C2761", ("生物技术", "生物制品"), ("动物疫苗", "诊断试剂"), "hohhot_biomedicine", 7),
        Trade("C2750", ("动物药业", "动物保健"), ("兽用注射剂", "兽用粉剂"), "hohhot_biomedicine", 4),
        Trade("C2710", ("制药", "医药"), ("发酵原料药", "医药中间体"), "hohhot_biomedicine", 5),
        Trade("C2730", ("蒙中药",), ("蒙药饮片", "中药提取物"), "hohhot_biomedicine", 3),
        Trade("C3825", ("光伏", "太阳能"), ("单晶硅棒", "光伏支架"), "hohhot_clean_energy", 5),
        Trade("C3841", ("储能",), ("储能电池系统", "电池管理系统"), "hohhot_clean_energy", 4),
        Trade("C3415", ("风电技术",), ("风机变桨系统", "风电运维备件"), "hohhot_clean_energy", 3),
        Trade("C2522", ("煤化工",), ("合成气", "甲醇下游产品"), "hohhot_modern_chemicals", 2),
        Trade("C2651", ("化工新材料",), ("聚丙烯树脂", "水处理药剂"), "hohhot_modern_chemicals", 4),
        Trade("C3985", ("电子材料", "半导体材料"), ("单晶硅衬底", "电子级靶材"), "hohhot_electronics", 5),
        Trade("C3982", ("电子科技", "电路科技"), ("高频电路板", "传感器模组"), "hohhot_electronics", 4),
        Trade("C3252", ("新材料",), ("电子铝箔", "高纯铝"), "hohhot_materials_equipment", 4),
        Trade("C3091", ("石墨材料",), ("锂电负极材料", "等静压石墨"), "hohhot_materials_equipment", 4),
        Trade(
            "C3491",
            ("智能装备", "机器人"),
            ("码垛机器人", "乳品包装线", "巡检机器人"),
            "hohhot_materials_equipment",
            5,
        ),
        Trade("C4014", ("仪器",), ("乳成分分析仪", "水质在线监测仪"), "hohhot_materials_equipment", 3),
        Trade("I6513", ("软件", "信息技术"), ("政务应用软件", "牧场管理软件"), "hohhot_electronics", 7),
        Trade("I6450", ("数据科技", "云计算"), ("数据处理服务", "算力调度平台"), "hohhot_electronics", 5),
        Trade("M7320", ("科技", "工程技术"), ("草原生态修复技术", "检测装备研发"), weight=4),
    ),
}

#: How many of a city's enterprises are in each place; every place gets at least one.
DISTRICTS: Final[dict[str, dict[str, int]]] = {
    BAOTOU: {
        "150271": 22,
        "150203": 18,
        "150204": 18,
        "150207": 14,
        "150202": 12,
        "150221": 6,
        "150222": 4,
        "150223": 3,
        "150205": 2,
        "150206": 1,
    },
    HOHHOT: {
        "150105": 18,
        "150172": 18,
        "150102": 12,
        "150104": 10,
        "150103": 9,
        "150161": 8,
        "150162": 7,
        "150121": 6,
        "150122": 5,
        "150123": 4,
        "150124": 2,
        "150125": 1,
    },
}
CITY_NAMES: Final = {BAOTOU: "包头", HOHHOT: "呼和浩特"}

#: Three syllables that no dictionary joins make the name proper of an enterprise that does not exist.
FIRST: Final = "砺澄珩恪澍垣岚昱栎朔弘瑾泓翎晟骁沐韧翊榕皓骐砚澜琮圻珣彧"
SECOND: Final = "禾岳衍舟翰庭屿楠朗嵘亦霁苒汐铎弈霖屹颂遥蔚洲桁祎"
THIRD: Final = "科元沃能诺特维辉腾玺芯硕隆驰铭曜"
