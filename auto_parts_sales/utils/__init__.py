from . import aces_xml, column_name, part_number, table_file, vin
